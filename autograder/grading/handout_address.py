"""Where students fetch what is handed out: a public git repository, and the addresses that can be made of its own."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

_BRANCH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]*")
# What stands between a repository's address and branch/path where the file itself is given.
_RAW = {"gitlab": "/-/raw/", "gitee.com": "/raw/", "codeberg.org": "/raw/branch/", "gitea": "/raw/branch/"}


class AddressError(ValueError):
    """The address is none that students can be given; the words say why, as the end of a sentence."""


@dataclass(frozen=True)
class HandoutAddress:
    """A repository (https, "" for none), a branch, and the address of a JupyterHub with nbgitpuller ("" for none). Raises AddressError."""

    url: str = ""
    branch: str = "main"
    hub: str = ""

    def __post_init__(self) -> None:
        for name, value in (("handout_url", self.url), ("hub_url", self.hub)):
            if not isinstance(value, str) or (value and not _is_address(value)):
                raise AddressError(f"{name} is {value!r}, which is no address such as https://github.com/OWNER/NAME")
            if "@" in urlsplit(value).netloc:
                raise AddressError(f"{name} holds a user name or a token, which students would read")
        if not isinstance(self.branch, str) or not _BRANCH.fullmatch(self.branch) or ".." in self.branch:
            raise AddressError(f"handout_branch is {self.branch!r}, which is no name of a branch")

    @property
    def repository(self) -> str:
        """The address without what people leave at its end."""
        return self.url.rstrip("/").removesuffix(".git")

    def raw(self, path: str) -> str:
        """Where a file of the repository is given as it is; "" where nobody knows."""
        parts = urlsplit(self.repository)
        host, tail = parts.netloc.lower(), f"{self.branch}/{quote(path)}"
        if host == "github.com":
            return f"https://raw.githubusercontent.com{parts.path}/{tail}"
        between = next((words for name, words in _RAW.items() if name in host), "")
        return f"{self.repository}{between}{tail}" if between else ""

    def colab(self, path: str) -> str:
        """Opens a notebook in Colab, which can do so from GitHub; else ""."""
        parts = urlsplit(self.repository)
        return f"https://colab.research.google.com/github{parts.path}/blob/{self.branch}/{quote(path)}" if parts.netloc.lower() == "github.com" else ""

    def nbgitpuller(self, path: str) -> str:
        """Fetches the repository on a JupyterHub and opens a notebook; without `hub` what follows the hub's address. "" without a repository."""
        if not self.url:
            return ""
        folder = self.repository.rpartition("/")[2]
        query = urlencode({"repo": self.url, "branch": self.branch, "urlpath": f"lab/tree/{folder}/{path}"})
        return f"{self.hub.rstrip('/')}/hub/user-redirect/git-pull?{query}"


def _is_address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme == "https" and bool(parts.netloc) and not (parts.query or parts.fragment) and re.fullmatch(r"[!-~]+", text) is not None
