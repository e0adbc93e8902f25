"""The few Linux calls that Python does not offer: namespaces, mounts, capabilities, system-call filter, loopback.

Each function raises OSError with the name of the call. Used after fork, in a process with one thread.
"""

import ctypes
import fcntl
import os
import platform
import re
import signal
import socket
import stat
import struct
from pathlib import PurePath
from typing import Any

_libc = ctypes.CDLL(None, use_errno=True)

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = (
    0x00020000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000,
)  # fmt: skip
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_BIND, _MS_REC, _MS_PRIVATE, _MS_RDONLY = 2, 4, 8, 4096, 16384, 1 << 18, 1
_PR_SET_PDEATHSIG, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _PR_SET_CHILD_SUBREAPER = 1, 24, 38, 22, 36


def _check(result: int, call: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")
    return result


def unshare(flags: int) -> None:
    """unshare(2)."""
    _check(_libc.unshare(flags), "unshare")


def map_one_user(uid: int, gid: int, inner_uid: int) -> None:
    """After unshare(CLONE_NEWUSER): the old user and group appear as `inner_uid` and the same group inside."""
    for name, text in (("setgroups", "deny"), ("uid_map", f"{inner_uid} {uid} 1"), ("gid_map", f"{inner_uid} {gid} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def make_mounts_private() -> None:
    """Mounts made from here on stay in this mount namespace."""
    _check(_libc.mount(b"none", b"/", None, ctypes.c_ulong(_MS_REC | _MS_PRIVATE), None), "mount private")


def mount_tmpfs(path: str, size_bytes: int, inodes: int, mode: str = "0755", read_only: bool = False) -> None:
    """An empty memory file system of limited size over `path`."""
    flags = _MS_NOSUID | _MS_NODEV | (_MS_RDONLY if read_only else 0)
    options = f"size={size_bytes},nr_inodes={inodes},mode={mode}".encode()
    _check(_libc.mount(b"tmpfs", path.encode(), b"tmpfs", ctypes.c_ulong(flags), options), f"mount tmpfs on {path}")


def mount_tmpfs_around(path: str, size_bytes: int, inodes: int, mode: str) -> None:
    """An empty memory file system over `path`, in which nothing is in sight but what was mounted below, as a Python that lies there. The folders above
    that are made anew and count as no file. Needs /proc."""
    kept = {point: os.open(point, os.O_PATH) for point in mounts_below(path)}
    made = {*kept, *(str(folder) for point in kept for folder in PurePath(point).parents if folder.is_relative_to(path) and str(folder) != path)}
    mount_tmpfs(path, size_bytes, inodes + len(made), mode)
    for point, number in kept.items():
        os.makedirs(os.path.dirname(point), exist_ok=True)
        if stat.S_ISDIR(os.fstat(number).st_mode):
            os.mkdir(point)
        else:
            os.close(os.open(point, os.O_CREAT))
        _check(_libc.mount(f"/proc/self/fd/{number}".encode(), os.fsencode(point), None, ctypes.c_ulong(_MS_BIND | _MS_REC), None), f"bind {point}")
        os.close(number)


def mounts_below(path: str) -> list[str]:
    """Where something is mounted below `path`; what is mounted below one of these is left out."""
    with open("/proc/self/mountinfo", "rb") as file:
        points = sorted({os.fsdecode(re.sub(rb"\\([0-7]{3})", lambda octal: bytes([int(octal[1], 8)]), line.split()[4])) for line in file})
    found: list[str] = []
    for point in points:
        if point.startswith(f"{path}/") and not any(point.startswith(f"{other}/") for other in found):
            found.append(point)
    return found


def mount_proc(path: str = "/proc") -> None:
    """A /proc of the own process namespace over `path`."""
    flags = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    _check(_libc.mount(b"proc", path.encode(), b"proc", ctypes.c_ulong(flags), None), "mount proc")


def die_with_parent() -> None:
    """SIGKILL to this process when its parent ends."""
    _check(_libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl PDEATHSIG")


def adopt_orphans() -> None:
    """Descendants whose parent ends become children of this process."""
    _check(_libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl CHILD_SUBREAPER")


def drop_capabilities() -> None:
    """No capability now or after an exec; no new privileges ever."""
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl NO_NEW_PRIVS")
    for capability in range(64):
        if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) < 0:
            break
    header = struct.pack("Ii", 0x20080522, 0)
    _check(_libc.capset(header, bytes(24)), "capset")


def counts_processes_by_namespace() -> bool:
    """Whether RLIMIT_NPROC is about the processes of a user namespace, as from Linux 5.14 on, and not about all of the user's."""
    version = re.match(r"(\d+)\.(\d+)", platform.release())
    return version is not None and (int(version[1]), int(version[2])) >= (5, 14)


def loopback_up() -> None:
    """Brings up `lo` in the own network namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = bytearray(struct.pack("16sH14x", b"lo", 0))
        fcntl.ioctl(sock, 0x8913, request)
        flags = struct.unpack_from("H", request, 16)[0]
        struct.pack_into("H", request, 16, flags | 1)
        fcntl.ioctl(sock, 0x8914, request)


# -- system-call filter -------------------------------------------------------------------------------------------------

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_NUMBERS: dict[str, dict[str, Any]] = {
    "x86_64": {
        "socket": 41, "clone": 56, "memfd_create": 319, "denied": {
            "ptrace": 101, "mount": 165, "umount2": 166, "pivot_root": 155, "unshare": 272, "setns": 308, "keyctl": 250,
            "add_key": 248, "request_key": 249, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "kexec_load": 246,
            "process_vm_readv": 310, "process_vm_writev": 311, "io_uring_setup": 425, "io_uring_enter": 426,
            "io_uring_register": 427, "open_by_handle_at": 304, "init_module": 175, "finit_module": 313, "reboot": 169,
            "swapon": 167, "personality": 135, "fsopen": 430, "move_mount": 429, "open_tree": 428, "mount_setattr": 442,
            "shmget": 29, "msgget": 68, "memfd_secret": 447,
        },
    },
    "aarch64": {
        "socket": 198, "clone": 220, "memfd_create": 279, "denied": {
            "ptrace": 117, "mount": 40, "umount2": 39, "pivot_root": 41, "unshare": 97, "setns": 268, "keyctl": 219,
            "add_key": 217, "request_key": 218, "bpf": 280, "perf_event_open": 241, "userfaultfd": 282, "kexec_load": 104,
            "process_vm_readv": 270, "process_vm_writev": 271, "io_uring_setup": 425, "io_uring_enter": 426,
            "io_uring_register": 427, "open_by_handle_at": 265, "init_module": 105, "finit_module": 273, "reboot": 142,
            "swapon": 224, "personality": 92, "fsopen": 430, "move_mount": 429, "open_tree": 428, "mount_setattr": 442,
            "shmget": 194, "msgget": 186, "memfd_secret": 447,
        },
    },
}  # fmt: skip
_FAMILIES = (1, 2, 10, 16)  # AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: all of them end at the network namespace
_CLONE3 = 435  # the same number everywhere; its flags lie in memory, where a filter cannot look
_NEW_NAMESPACES = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | 0x02000000  # the last: cgroup
_RET_ALLOW, _RET_EPERM, _RET_ENOSYS, _RET_KILL = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38, 0x80000000
_LOAD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06


def filter_system_calls(allow_memory_files: bool = False) -> bool:
    """Refuses (EPERM) calls that a notebook never needs: other socket families (vsock), tracing, mounting, new namespaces, io_uring, and memory that
    the guard cannot see (memory files, System V segments and queues). CUDA's driver needs memory files.

    Returns False on a machine whose architecture has no table here.
    """
    machine = platform.machine()
    if machine not in _NUMBERS:
        return False
    program = _program(machine, allow_memory_files)
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    sock_fprog = Program(len(program), ctypes.cast(buffer, ctypes.c_void_p))
    _check(_libc.prctl(_PR_SET_SECCOMP, 2, ctypes.byref(sock_fprog), 0, 0), "prctl SECCOMP")
    return True


def _program(machine: str, allow_memory_files: bool) -> list[tuple[int, int, int, int]]:
    """Classic BPF: architecture, then the refused numbers, then the flags of clone() and the family of socket()."""
    numbers = _NUMBERS[machine]
    program = [(_LOAD, 0, 0, 4), (_JUMP_EQUAL, 1, 0, _AUDIT_ARCH[machine]), (_RETURN, 0, 0, _RET_KILL), (_LOAD, 0, 0, 0)]
    if machine == "x86_64":  # the x32 numbering would walk around the list
        program += [(_JUMP_GREATER_EQUAL, 0, 1, 0x40000000), (_RETURN, 0, 0, _RET_EPERM)]
    for number in [*numbers["denied"].values(), *([] if allow_memory_files else [numbers["memfd_create"]])]:
        program += [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, _RET_EPERM)]
    program += [(_JUMP_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _RET_ENOSYS)]  # the C library then takes clone()
    program += [(_JUMP_EQUAL, 0, 4, numbers["clone"]), (_LOAD, 0, 0, 16), (_JUMP_ANY_BIT, 0, 1, _NEW_NAMESPACES), (_RETURN, 0, 0, _RET_EPERM),
                (_RETURN, 0, 0, _RET_ALLOW)]  # fmt: skip
    program += [(_JUMP_EQUAL, 1, 0, numbers["socket"]), (_RETURN, 0, 0, _RET_ALLOW), (_LOAD, 0, 0, 16)]
    for family in _FAMILIES:
        program += [(_JUMP_EQUAL, 0, 1, family), (_RETURN, 0, 0, _RET_ALLOW)]
    return [*program, (_RETURN, 0, 0, _RET_EPERM)]
