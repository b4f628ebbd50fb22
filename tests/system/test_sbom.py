# SPDX-License-Identifier: BSD-2-Clause
"""`unik sbom`: what an image is made of, as the link says."""

import hashlib
import json
import os
import shutil
import subprocess

import pytest

from guest import ARCH, ROOT, UNIK, image

BUILD = os.path.join(ROOT, "build", ARCH)


@pytest.fixture(scope="module")
def httpd(tmp_path_factory):
    return document(image("httpd"), tmp_path_factory.mktemp("sbom"))


def document(path, folder):
    output = folder / "image.spdx.json"
    subprocess.run([UNIK, "sbom", path, "-o", str(output)], check=True)
    return json.loads(output.read_text())


def of_package(sbom, name):
    package = next(p["SPDXID"] for p in sbom["packages"] if p["name"] == name)
    files = {f["SPDXID"]: f["fileName"] for f in sbom["files"]}
    return {files[r["spdxElementId"]] for r in sbom["relationships"]
            if r["relationshipType"] == "GENERATED_FROM" and r["relatedSpdxElement"] == package}


def test_names_the_objects_of_the_image(httpd, unik):
    """The same ones that `unik size` books bytes on."""
    booked = json.loads(unik("size", image("httpd"), "--json").stdout)["objects"]
    expected = {f"./{o['name']}.o" for o in booked if not o["name"].startswith("(linker)")}
    assert {f["fileName"] for f in httpd["files"]} == expected


def test_knows_where_they_come_from(httpd):
    assert "./kernel/sched.c.o" in of_package(httpd, "libunik")
    assert "./apps/httpd/main.o" in of_package(httpd, "libunik")
    assert "./lwip/core/tcp.c.o" in of_package(httpd, "lwip")
    assert any(name.startswith("./newlib/") for name in of_package(httpd, "newlib"))
    assert len({r["spdxElementId"] for r in httpd["relationships"]
                if r["relationshipType"] == "GENERATED_FROM"}) == len(httpd["files"])


def test_hashes_are_those_of_the_files(httpd):
    entry = next(f for f in httpd["files"] if f["fileName"] == "./kernel/sched.c.o")
    with open(os.path.join(BUILD, "obj/kernel/sched.c.o"), "rb") as file:
        content = file.read()
    assert {c["algorithm"]: c["checksumValue"] for c in entry["checksums"]} == {
        "SHA1": hashlib.sha1(content).hexdigest(), "SHA256": hashlib.sha256(content).hexdigest()}
    with open(image("httpd"), "rb") as file:
        assert httpd["packages"][0]["checksums"][1]["checksumValue"] == \
            hashlib.sha256(file.read()).hexdigest()


def test_is_a_document(httpd):
    """Every identifier is unique and every relation has both ends (SPDX 2.3, 6.3 and 11.1)."""
    things = [httpd["SPDXID"]] + [x["SPDXID"] for x in httpd["packages"] + httpd["files"]]
    assert len(things) == len(set(things))
    for relation in httpd["relationships"]:
        assert {relation["spdxElementId"], relation["relatedSpdxElement"]} <= set(things)
    sums = "".join(sorted(f["checksums"][0]["checksumValue"] for f in httpd["files"]))
    assert httpd["packages"][0]["packageVerificationCode"] == {
        "packageVerificationCodeValue": hashlib.sha1(sums.encode()).hexdigest()}


def test_two_runs_are_equal(unik):
    assert unik("sbom", image("hello")).stdout == unik("sbom", image("hello")).stdout


def test_a_build_folder_with_several_images(unik, tmp_path):
    """The linker ran two folders above the image: the map's paths are from there."""
    (tmp_path / "obj").mkdir()
    (tmp_path / "tls" / "out").mkdir(parents=True)
    moved = tmp_path / "tls" / "out" / "program"
    shutil.copy(os.path.join(BUILD, "app/apps/hello/hello.o"), tmp_path / "obj" / "main.o")
    shutil.copy(image("hello"), moved)
    with open(image("hello") + ".map", encoding="utf-8") as file:
        text = file.read()
    own = os.path.relpath(os.path.join(BUILD, "app/apps/hello/hello.o"), ROOT)
    assert own in text
    (tmp_path / "tls" / "out" / "program.map").write_text(text.replace(own, "obj/main.o"))
    (tmp_path / "program.elf").symlink_to(moved)
    (tmp_path / "program.elf.map").symlink_to(str(moved) + ".map")

    names = {f["fileName"] for f in document(str(tmp_path / "program.elf"), tmp_path)["files"]}
    assert "./obj/main.o" in names and "./kernel/sched.c.o" in names
    booked = json.loads(unik("size", str(tmp_path / "program.elf"), "--json").stdout)["objects"]
    assert any(o["name"] == "obj/main" for o in booked)


def test_what_it_cannot_read(unik, tmp_path):
    done = unik("sbom", "/etc/passwd")
    assert done.returncode == 1 and "map" in done.stderr
    done = unik("sbom", image("hello"), "-o", str(tmp_path / "no/such"))
    assert done.returncode == 1 and "No such file" in done.stderr
