"""Prints the whole environment as a lock file: every package with its version, CUDA packages marked for the platform they exist on."""

import importlib.metadata

OWN = "deep-learning-course-kit"
LINUX_ONLY = ("nvidia-", "cuda-", "triton")
MARKER = '; platform_system == "Linux" and platform_machine == "x86_64"'


def main() -> None:
    packages = {dist.metadata["Name"].lower().replace("_", "-"): dist.version.partition("+")[0] for dist in importlib.metadata.distributions()}
    print("# Written by `make lock`; not edited by hand.")
    for name in sorted(packages.keys() - {OWN, "pip"}):
        print(f"{name}=={packages[name]}{MARKER if name.startswith(LINUX_ONLY) else ''}")


if __name__ == "__main__":
    main()
