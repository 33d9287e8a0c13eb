# SPDX-License-Identifier: GPL-2.0-or-later
"""What packages would say of the modules: directories to be mounted on /usr/share/python-support.
"""
import itertools

CORPUS = "/usr/share/corpus"
PUBLIC = "/usr/share/pyshared"


def _package(module):
    return module.split("/", 1)[0]


def listed(place, modules, versions=(None,)):
    """PKG.private for each package, which lists its modules; with versions, one for each."""
    place.mkdir()
    for package, members in itertools.groupby(modules, _package):
        lines = [f"{CORPUS}/{module}" for module in members]
        for version in versions:
            pin = [] if version is None else [f"pyversion={version}"]
            name = package if version is None else f"{package}-{version}"
            _write(place / f"{name}.private", pin + lines)
    return place


def directory(place):
    """One reference, which names the directory of all modules."""
    place.mkdir()
    _write(place / "corpus.private", [CORPUS])
    return place


def public(place, modules):
    """PKG.public for each package."""
    place.mkdir()
    for package, members in itertools.groupby(modules, _package):
        _write(place / f"{package}.public", [f"{PUBLIC}/{module}" for module in members])
    return place


def _write(path, lines):
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
