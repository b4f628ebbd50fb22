# SPDX-License-Identifier: BSD-2-Clause
"""SQLite's shell and speed test, unmodified, as images."""

import os
import subprocess
import sys

import pytest

import app
from guest import BUILD
from web import MKARCHIVE

SQLITE = os.path.join(BUILD, "sqlite.elf")
SPEEDTEST = os.path.join(BUILD, "speedtest1.elf")

SCRIPT = """
create table town(id integer primary key, name text not null unique, people int);
insert into town(name, people) values('Bonn', 330000), ('Kiel', 247000), ('Jena', 111000);
begin; delete from town; rollback;
begin; update town set people = people + 1 where name like 'K%'; commit;
select name, people from town order by people;
create index by_people on town(people);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000)
  insert into town(name, people) select printf('t%06d', i), i * 7919 % 20011 from n;
select count(*), sum(people), max(name) from town;
select json_extract('{"a":[1,2,{"b":"deep"}]}', '$.a[2].b'), round(sqrt(2), 6), upper('x');
create virtual table note using fts5(body);
insert into note values('the quick brown fox'), ('a lazy dog'), ('quick silver');
select rowid from note where note match 'quick' order by rowid;
create virtual table box using rtree(id, x0, x1);
insert into box values(1, 0, 10), (2, 5, 15), (3, 20, 30);
select count(*) from box where x0 < 12 and x1 > 8;
insert into town(name) values('Bonn');
pragma integrity_check;
"""
ANSWERS = ["Jena|111000", "Kiel|247001", "Bonn|330000", "20003|200813315|t020000",
           "deep|1.414214|X", "1", "3", "2"]
REFUSAL = "UNIQUE constraint failed: town.name"


@pytest.fixture(scope="module", autouse=True)
def built():
    app.build("sqlite")


@pytest.fixture
def sqlite(unik, tmp_path):
    """Runs a script from the boot archive: what is typed would be echoed into the answers."""
    def call(path, script):
        (tmp_path / "root").mkdir()
        (tmp_path / "root/script.sql").write_text(script + "\n.exit 7\n")
        archive = tmp_path / "root.cpio"
        subprocess.run([sys.executable, MKARCHIVE, "-o", archive, tmp_path / "root"], check=True)
        done = unik("run", SQLITE, "--rng", "-m", "128M", "--module", archive, "--",
                    "-batch", path, ".read /script.sql", timeout_s=55)
        return done, done.stdout.replace("\r", "").splitlines()

    return call


@pytest.mark.parametrize("path", [":memory:", "/tmp/test.db"])
def test_script(sqlite, path):
    done, said = sqlite(path, SCRIPT)
    refusal = [line for line in said if REFUSAL in line]
    assert [line for line in said if line not in refusal] == [*ANSWERS, "ok"], done.stdout
    assert refusal and done.returncode == 7


@pytest.mark.parametrize("mode", ["delete", "truncate", "persist", "memory", "wal"])
def test_journal_modes(sqlite, mode):
    """What is committed is there after a second opening; what is rolled back is not."""
    done, said = sqlite("/tmp/test.db", f"""
pragma journal_mode={mode};
create table t(x); insert into t values(1);
begin; insert into t values(2); rollback;
.open /tmp/test.db
select 'left ' || group_concat(x) from t;
pragma integrity_check;""")
    assert said == [mode, "left 1", "ok"] and done.returncode == 7, done.stdout


@pytest.mark.limit(240)
def test_speedtest(unik):
    done = unik("run", SPEEDTEST, "--rng", "-m", "256M", "--", "--memdb", "--size", "5", timeout_s=230)
    assert done.returncode == 0 and "TOTAL" in done.stdout, done.stdout[-2000:]
