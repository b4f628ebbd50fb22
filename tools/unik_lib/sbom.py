# SPDX-License-Identifier: BSD-2-Clause
"""What an image is made of, as an SPDX document: taken from the link itself.

Every object that left at least one byte in the image is a file of the document, with its hashes,
its licence and the package of sources that it was compiled from. What is known of packages lies
beside the libraries (parts.json) and in the build folders of programs (.parts.json), both written
by tools/mkparts.

Ref: SPDX specification 2.3, chapters 6 (document), 7 (package), 8 (file), 11 (relationships).
"""

import collections
import datetime
import hashlib
import json
import os
import re

from . import elf, linkmap
from .errors import UserError
from .inputs import Inputs, find
from .size import MADE_BY_LD

UNKNOWN = "NOASSERTION"
LIBRARY, PROGRAM = "parts.json", ".parts.json"
# Not one licence but the list in its COPYING.NEWLIB, BSD-like throughout.
NEWLIB_LICENCE = {
    "licenseId": "LicenseRef-newlib",
    "name": "newlib's collection of licences",
    "extractedText": "The notices of the files COPYING.NEWLIB and COPYING.LIBGLOSS of newlib's "
                     "source, where each file of it does not carry its own."}
LIBGCC = {"name": "libgcc", "version": UNKNOWN, "archive": "", "sha256": "", "prefix": "libgcc/",
          "licence": "GPL-3.0-or-later WITH GCC-exception-3.1"}


class Component:
    """A package of sources and the objects that came from it."""

    def __init__(self, about):
        self.about = about
        self.id = "SPDXRef-Package-" + re.sub(r"[^A-Za-z0-9.-]", "-", about["name"])

    def package(self):
        about = self.about
        entry = {"SPDXID": self.id, "name": about["name"], "versionInfo": about["version"],
                 "downloadLocation": UNKNOWN, "filesAnalyzed": False,
                 "licenseConcluded": about["licence"], "licenseDeclared": about["licence"],
                 "copyrightText": UNKNOWN, "supplier": UNKNOWN}
        if about["archive"]:
            entry["sourceInfo"] = "the archive, with libunik's patches where it has any"
            entry["packageFileName"] = about["archive"]
            entry["checksums"] = [{"algorithm": "SHA256", "checksumValue": about["sha256"]}]
        return entry


class Parts:
    """Finds for each object of a link its hashes and its component."""

    def __init__(self, image):
        self.image = image
        self.inputs = Inputs(image)
        self.components = {}
        self.known = {}  # folder -> content of the parts file there or above, or None

    def files(self):
        """{name: (sha1, sha256, component)} of every object that has a byte in the image."""
        found, seen = {}, collections.Counter()
        for piece in self.inputs.map.pieces:
            made = MADE_BY_LD.match(piece.name) or MADE_BY_LD.match(piece.output)
            if not piece.size or made or not self._in_image(piece.output):
                continue
            for _, name in self.inputs.shares_of_piece(piece, seen):
                if name not in found:
                    found[name] = self._file(piece.file, name)
        return found

    def _in_image(self, output):
        if not hasattr(self, "_outputs"):
            self._outputs = {s.name for s in elf.Elf.open(self.image).sections if s.allocated}
        return output in self._outputs

    def _file(self, file, name):
        beside = self._beside(linkmap.split_member(file)[0])
        digest = beside.get("objects", {}).get(name) or self._digest(file)
        return (*digest, self._component(name, beside.get("components", [])))

    def _digest(self, file):
        data = self.inputs.objects[file].data
        return hashlib.sha1(data).hexdigest(), hashlib.sha256(data).hexdigest()

    def _beside(self, file):
        """What the nearest parts file above an object or archive says, or {}."""
        folder = os.path.dirname(os.path.realpath(find(file, self.image)))
        while True:
            found = self._read(os.path.join(folder, PROGRAM)) or \
                    self._read(os.path.join(folder, LIBRARY))
            if found or folder == os.path.dirname(folder):
                return found or {}
            folder = os.path.dirname(folder)

    def _read(self, path):
        if path not in self.known:
            self.known[path] = None
            if os.path.exists(path):
                try:
                    with open(path, encoding="utf-8") as file:
                        self.known[path] = json.load(file)
                except ValueError as error:
                    raise UserError(f"{path}: {error}; build again") from error
        return self.known[path]

    def _component(self, name, components):
        if name.startswith(LIBGCC["prefix"]):
            return self._add(LIBGCC)
        for about in components:
            if name.startswith(about["prefix"]):
                return self._add(about)
        return self._add({"name": "program", "version": UNKNOWN, "archive": "", "sha256": "",
                          "licence": UNKNOWN})

    def _add(self, about):
        return self.components.setdefault(about["name"], Component(about))


def document(image):
    """The SPDX document of an image, as a dict that json can write."""
    parts = Parts(image)
    files = parts.files()
    if not files:
        raise UserError(f"{image}: the map names no objects")
    with open(image, "rb") as file:
        content = file.read()
    digest = hashlib.sha256(content).hexdigest()
    name = re.sub(r"\.elf$", "", os.path.basename(image))
    entries = {n: f"SPDXRef-File-{i}" for i, n in enumerate(sorted(files))}
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Image")]
    relations += [("SPDXRef-Image", "STATIC_LINK", c.id)
                  for _, c in sorted(parts.components.items())]
    for n, key in entries.items():
        relations += [("SPDXRef-Image", "CONTAINS", key), (key, "GENERATED_FROM", files[n][2].id)]
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
        "name": name, "documentNamespace": f"https://libunik.invalid/spdx/{name}-{digest}",
        "creationInfo": {"created": _created(image), "creators": ["Tool: unik-sbom"]},
        "packages": [_image_package(name, content, files, parts)] +
                    [c.package() for _, c in sorted(parts.components.items())],
        "files": [_file_entry(key, n, files[n]) for n, key in entries.items()],
        "hasExtractedLicensingInfos": [NEWLIB_LICENCE],
        "relationships": [{"spdxElementId": a, "relationshipType": kind, "relatedSpdxElement": b}
                          for a, kind, b in relations]}


def _created(image):
    """The image's own time, or what the builder of a distribution gives: two runs are equal."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or os.path.getmtime(image)
    try:
        when = datetime.datetime.fromtimestamp(int(float(seconds)), datetime.timezone.utc)
    except ValueError as error:
        raise UserError(f"SOURCE_DATE_EPOCH={seconds}: {error}") from error
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def _image_package(name, content, files, parts):
    # 7.9: over the sorted SHA1 of all files.
    code = hashlib.sha1("".join(sorted(f[0] for f in files.values())).encode()).hexdigest()
    licences = sorted({c.about["licence"] for c in parts.components.values()} - {UNKNOWN})
    return {"SPDXID": "SPDXRef-Image", "name": name, "downloadLocation": UNKNOWN,
            "filesAnalyzed": True,
            "packageVerificationCode": {"packageVerificationCodeValue": code},
            "checksums": _checksums(hashlib.sha1(content).hexdigest(),
                                    hashlib.sha256(content).hexdigest()),
            "licenseConcluded": " AND ".join(f"({x})" if " OR " in x else x for x in licences),
            "licenseDeclared": UNKNOWN, "copyrightText": UNKNOWN,
            "licenseInfoFromFiles": licences, "primaryPackagePurpose": "OPERATING-SYSTEM"}


def _checksums(sha1, sha256):
    return [{"algorithm": "SHA1", "checksumValue": sha1},
            {"algorithm": "SHA256", "checksumValue": sha256}]


def _file_entry(key, name, file):
    sha1, sha256, component = file
    return {"SPDXID": key, "fileName": f"./{name}.o", "fileTypes": ["BINARY"],
            "checksums": _checksums(sha1, sha256),
            "licenseConcluded": component.about["licence"], "licenseInfoInFiles": [UNKNOWN],
            "copyrightText": UNKNOWN}


def write(image, output):
    text = json.dumps(document(image), indent=1) + "\n"
    if output == "-":
        print(text, end="")
        return
    try:
        with open(output, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UserError(f"{output}: {error.strerror}") from error
