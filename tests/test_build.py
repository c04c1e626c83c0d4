"""A build writes what changed and switches in one rename; whatever happens to it, the last good index serves."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from filelock import FileLock

import ingest.build
from ingest.build import BuildReport, build, is_stale
from ingest.errors import IndexBusy, IndexDamaged, IndexMissing, IndexUnavailable, ManifestError, SettingsError
from ingest.lexical import LexicalIndex
from ingest.settings import Settings
from ingest.store import Index, open_index
from ingest.topics import Lexicon
from tests.fakes_ingest import BigramEncoder, full_disk, gazetteer, serving, write_corpus

EXTRA = "某某旗促进就业办法\n一、支持达拉特旗的毕业生创业，给予补贴。\n二、支持农民工返乡。\n"

# Where builds in processes of their own come from: a process that has imported everything and opened nothing.
PROCESSES = multiprocessing.get_context("forkserver")


def build_and_die(settings: Settings, step: str, ready: Event) -> None:
    """A build, in a process of its own, that dies by its own hand at the step that is named, if one is."""

    def die(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    owner, name = {
        "": (None, ""),
        "catalog": (LexicalIndex, "create"),
        "vectors": (ingest.build, "_write_topics"),
        "info": (ingest.build, "publish"),
        "rename": (Path, "replace"),  # the folder has its name, CURRENT not yet
        "cleaning": (shutil, "rmtree"),  # CURRENT is renamed, older generations are still there
    }[step]
    if owner:
        setattr(owner, name, die)
    lexicon = load(settings)
    ready.set()
    build(settings, BigramEncoder(), gazetteer(), lexicon, lambda *_: None)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    run(write_corpus(folder))
    return folder


@pytest.fixture
def built(prepared: Path, tmp_path: Path) -> Settings:
    """A corpus and its index, for a test to change."""
    shutil.copytree(prepared, tmp_path / "here")
    return Settings(corpus=tmp_path / "here" / "corpus", index=tmp_path / "here" / "index")


def run(settings: Settings, encoder: BigramEncoder | None = None) -> BuildReport:
    return build(settings, encoder or BigramEncoder(), gazetteer(), load(settings), lambda *_: None)


def load(settings: Settings) -> Lexicon:
    return Lexicon.load(settings.corpus / "topics")


def opened(settings: Settings) -> closing[Index]:
    return closing(open_index(settings, BigramEncoder(), load(settings)))


def document(settings: Settings, name: str) -> Path:
    return settings.corpus / "documents" / name


def errors(report: BuildReport) -> dict[str, str]:
    return {file.file: file.error for file in report.files if file.error}


def assert_serves(settings: Settings) -> None:
    """The index opens and finds by words and by vectors what it held from the beginning."""
    encoder = BigramEncoder()
    with opened(settings) as index:
        words = index.lexical.search("创业担保贷款", place_codes={"520200"}, limit=3)
        near = index.vectors.search(encoder.embed_query("创业担保贷款"), place_codes={"520200"}, limit=3)
        assert len(words) == len(near) == 3
        assert all(index.catalog.clause(identity.split(":")[0]) for identity, _ in [*words, *near])


def test_the_first_build_encodes_everything(tmp_path: Path) -> None:
    settings, encoder, steps = write_corpus(tmp_path), BigramEncoder(), list[tuple[str, int, int]]()
    assert is_stale(settings, encoder, load(settings))
    report = build(settings, encoder, gazetteer(), load(settings), lambda *step: steps.append(step))
    assert (report.changed, report.failed, report.reused) == (True, False, 0)
    assert report.encoded == report.passages > 200
    assert [file.parsed.document.id for file in report.files if file.parsed] == ["ganzhou-2024", "liupanshui-2025"]
    assert ("parse", 2, 2) in steps
    assert steps[-1] == ("encode", report.passages, report.passages)
    assert not is_stale(settings, encoder, load(settings))
    assert_serves(settings)


def test_an_unchanged_corpus_embeds_nothing_and_says_so(built: Settings) -> None:
    encoder = BigramEncoder()
    report = run(built, encoder)
    assert (report.changed, report.encoded, report.reused) == (False, 0, report.passages)
    assert encoder.encoded == []
    assert len(report.files) == 2


def test_one_changed_file_encodes_its_changed_passages_alone(built: Settings) -> None:
    path = document(built, "ganzhou-2024.txt")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("期限最长不超过3年", "期限最长不超过5年"), encoding="utf-8")
    encoder = BigramEncoder()
    report = run(built, encoder)
    assert report.changed
    assert report.encoded == len(encoder.encoded) == 2  # the clause and its sentence
    assert all("不超过5年" in content for content in encoder.encoded)
    assert report.reused == report.passages - 2
    with opened(built) as index:
        clause = index.catalog.clause("ganzhou-2024#二-三-7")
        assert clause is not None
        assert "不超过5年" in clause.text
    assert_serves(built)


def test_a_new_file_is_found_and_a_removed_one_is_gone(built: Settings) -> None:
    document(built, "dalate.txt").write_text(EXTRA, encoding="utf-8")
    report = run(built)
    assert report.encoded <= 6
    with opened(built) as index:
        assert index.lexical.search("毕业生创业", place_codes={"150621"}, limit=1)[0][0].startswith("dalate#一")
    document(built, "dalate.txt").unlink()
    report = run(built)
    assert (report.changed, report.encoded) == (True, 0)
    with opened(built) as index:
        assert index.catalog.document("dalate") is None
        assert index.catalog.clause("dalate#一") is None
        assert index.lexical.search("毕业生创业", place_codes={"150621"}, limit=5) == []
        query = BigramEncoder().embed_query("毕业生创业")
        assert index.vectors.search(query, place_codes={"150621"}, limit=5) == []


def test_a_changed_lexicon_builds_anew_and_encodes_no_passage(built: Settings) -> None:
    path = built.corpus / "topics" / "topics.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("反担保", "免担保"), encoding="utf-8")
    encoder = BigramEncoder()
    report = run(built, encoder)
    assert (report.changed, report.encoded) == (True, 0)
    assert "免担保" in encoder.encoded
    assert_serves(built)


def test_another_encoder_encodes_everything_anew(built: Settings) -> None:
    encoder = BigramEncoder("bigrams-2")
    assert is_stale(built, encoder, load(built))
    report = run(built, encoder)
    assert (report.encoded, report.reused) == (report.passages, 0)
    with closing(open_index(built, encoder, load(built))) as index:
        assert index.info.encoder_digest == "bigrams-2"


def test_a_file_that_cannot_be_read_is_reported_and_the_others_go_in(built: Settings) -> None:
    document(built, "a.pdf").write_bytes(b"%PDF-1.7")
    document(built, "b.txt").write_bytes(b" \n")
    document(built, "c.txt").write_bytes(b"\x81\xff\x00\xfe")
    document(built, "d.txt").write_text("**", encoding="utf-8")
    document(built, "folder").mkdir()
    document(built, "lost.txt").symlink_to("nowhere.txt")
    document(built, ".hidden").write_bytes(b"\x00")
    document(built, "dalate.txt").write_text(EXTRA, encoding="utf-8")
    report = run(built)
    assert report.failed
    assert errors(report) == {
        "a.pdf": "a.pdf: is a PDF that is damaged or cut off; get it again",
        "b.txt": "b.txt: is empty; remove it or put the document's text into it",
        "c.txt": "c.txt: is neither UTF-8, UTF-16 nor GB18030 text; save it in UTF-8",
        "d.txt": "d.txt: holds no text but marks of a converter; put the document's text into it",
        "lost.txt": "lost.txt: is a symbolic link; put the file itself there",
    }
    with opened(built) as index:
        assert [one.id for one in index.catalog.documents()] == ["dalate", "ganzhou-2024", "liupanshui-2025"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_reported(built: Settings) -> None:
    document(built, "dalate.txt").write_text(EXTRA, encoding="utf-8")
    document(built, "dalate.txt").chmod(0)
    assert "Permission denied" in errors(run(built))["dalate.txt"]


def test_a_document_and_the_file_it_was_made_from_may_lie_side_by_side(built: Settings) -> None:
    document(built, "dalate.pdf").write_bytes(b"%PDF-1.7")
    document(built, "dalate.txt").write_text(EXTRA, encoding="utf-8")
    report = run(built)
    assert list(errors(report)) == ["dalate.pdf"]
    with opened(built) as index:
        assert index.catalog.document("dalate") is not None


def test_two_files_with_one_id_are_reported(built: Settings) -> None:
    document(built, "dalate.md").write_text(EXTRA, encoding="utf-8")
    document(built, "dalate.txt").write_text(EXTRA, encoding="utf-8")
    message = "dalate.txt: its id dalate is that of dalate.md; give it a row in manifest.csv with another id"
    assert errors(run(built)) == {"dalate.txt": message}


def test_a_manifest_row_without_a_file_is_reported(built: Settings) -> None:
    with (built.corpus / "manifest.csv").open("a", encoding="utf-8") as manifest:
        manifest.write("\nghost.txt,ghost,\n")
    message = "ghost.txt: stands in manifest.csv but not in documents/; add it or remove its row"
    assert errors(run(built)) == {"ghost.txt": message}
    assert_serves(built)


def test_a_bad_place_in_the_manifest_is_reported(built: Settings) -> None:
    (built.corpus / "manifest.csv").write_text(
        "file,id,place\nganzhou-2024.txt,ganzhou-2024,某某县\n", encoding="utf-8"
    )
    message = errors(run(built))["ganzhou-2024.txt"]
    assert message.startswith("ganzhou-2024.txt: manifest.csv, column place='某某县': 没有找到属地“某某县”")


def test_a_bad_manifest_stops_the_build_and_the_index_serves_on(built: Settings) -> None:
    (built.corpus / "manifest.csv").write_text("file,id\nx.txt,a b\n", encoding="utf-8")
    with pytest.raises(ManifestError, match=r"manifest\.csv, line 2: column id"):
        run(built)
    assert_serves(built)


def test_a_corpus_without_documents_is_told_and_the_index_serves_on(built: Settings) -> None:
    shutil.rmtree(built.corpus / "documents")
    with pytest.raises(SettingsError, match=r"HUIWEN_CORPUS=.*corpus: has no folder documents; create it or name"):
        run(built)
    assert_serves(built)


def test_an_empty_corpus_makes_an_empty_index(tmp_path: Path) -> None:
    settings = write_corpus(tmp_path)
    for path in (settings.corpus / "documents").iterdir():
        path.unlink()
    (settings.corpus / "manifest.csv").unlink()
    assert run(settings).passages == 0
    with opened(settings) as index:
        assert index.info.documents == 0
        assert index.lexical.search("贷款", place_codes=None, limit=5) == []


def test_an_index_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    settings = write_corpus(tmp_path)
    (tmp_path / "file").write_text("", encoding="utf-8")
    settings = settings.model_copy(update={"index": tmp_path / "file" / "index"})
    with pytest.raises(IndexUnavailable, match=r"HUIWEN_INDEX=.*index: cannot be written \(Not a directory\); name"):
        run(settings)


def test_a_second_build_at_once_is_refused(built: Settings) -> None:
    with (
        FileLock(built.index / "build.lock"),
        pytest.raises(IndexBusy, match=r"another ingest is writing to .*index; wait until it ends and run again"),
    ):
        run(built)
    assert run(built).changed is False


def test_a_build_in_another_process_keeps_this_one_out(built: Settings) -> None:
    document(built, "dalate.txt").write_text(EXTRA, encoding="utf-8")
    script = "import sys, filelock\nwith filelock.FileLock(sys.argv[1]):\n    print('held', flush=True)\n    input()"
    command = [sys.executable, "-c", script, str(built.index / "build.lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(IndexBusy):
            run(built)
        other.kill()
    assert run(built).changed  # the lock of a process that died is free


def test_vectors_that_are_damaged_are_computed_anew(built: Settings) -> None:
    shutil.rmtree(serving(built) / "vectors")
    with pytest.raises(IndexMissing):
        open_index(built, BigramEncoder(), load(built))
    document(built, "dalate.txt").write_text(EXTRA, encoding="utf-8")
    report = run(built)
    assert report.encoded == report.passages
    assert_serves(built)


PARTS = ("catalog.sqlite", "lexical/meta.json", "topics.npy", "spelling.json", "vectors/chroma.sqlite3", "info.json")


def test_who_deletes_what_is_damaged_can_build_anew(built: Settings) -> None:
    shutil.rmtree(serving(built))
    assert run(built).changed
    assert_serves(built)


@pytest.mark.parametrize("file", PARTS)
def test_a_file_that_was_cut_is_named_and_the_next_build_mends_it(built: Settings, file: str) -> None:
    path = serving(built) / file
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(
        IndexDamaged, match=rf"{file} is damaged .*; delete the folder .*{serving(built).name} and run `huiwen ingest`"
    ):
        open_index(built, BigramEncoder(), load(built))
    assert run(built).changed
    assert_serves(built)


@pytest.mark.parametrize("file", PARTS)
def test_a_file_that_was_overwritten_is_named(built: Settings, file: str) -> None:
    path = serving(built) / file
    path.write_bytes(b"\x9f" * path.stat().st_size)
    with pytest.raises(IndexUnavailable, match=file.partition("/")[0]):
        open_index(built, BigramEncoder(), load(built))


@pytest.mark.parametrize("room", [30_000, 60_000])
def test_a_full_disk_is_told_and_costs_nothing_that_serves(built: Settings, room: int) -> None:
    before = serving(built)
    document(built, "dalate.txt").write_text(EXTRA, encoding="utf-8")
    with full_disk(room), pytest.raises(IndexUnavailable, match=r"could not be written .*disk has room"):
        run(built)
    assert serving(built) == before
    assert_recovers(built)


def test_an_old_generation_serves_on_while_a_new_one_is_built(built: Settings) -> None:
    before = serving(built).name
    with opened(built) as index:
        document(built, "dalate.txt").write_text(EXTRA, encoding="utf-8")
        run(built)
        query = BigramEncoder().embed_query("创业担保贷款")
        assert index.name == before
        assert index.vectors.search(query, place_codes=None, limit=3)
        assert index.lexical.search("创业担保贷款", place_codes=None, limit=3)
        assert index.catalog.clauses("ganzhou-2024")
    with opened(built) as index:
        assert int(index.name) == int(before) + 1


@contextmanager
def building(settings: Settings, step: str = "") -> Iterator[ForkServerProcess]:
    """A build that has begun in a process of its own."""
    PROCESSES.set_forkserver_preload([__name__])
    ready = PROCESSES.Event()
    child = PROCESSES.Process(target=build_and_die, args=(settings, step, ready))
    child.start()
    try:
        assert ready.wait(60)
        yield child
    finally:
        child.kill()
        child.join()


def assert_recovers(settings: Settings) -> None:
    """What serves is a good index; the next build cleans up and succeeds."""
    assert_serves(settings)
    run(settings)
    assert_serves(settings)
    with opened(settings) as index:
        assert index.catalog.document("dalate") is not None
    folders = {path.name for path in settings.index.iterdir() if path.is_dir()}
    assert not [name for name in folders if "unfinished" in name]
    assert len(folders) <= 2


@pytest.mark.parametrize(
    ("step", "later"), [("catalog", 0), ("vectors", 0), ("info", 0), ("rename", 0), ("cleaning", 2)]
)
def test_a_build_that_dies_at_a_step(built: Settings, step: str, later: int) -> None:
    before = int(serving(built).name)
    if step == "cleaning":  # there is something to clean only from the third generation on
        path = built.corpus / "topics" / "topics.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("反担保", "免担保"), encoding="utf-8")
        run(built)
    document(built, "dalate.txt").write_text(EXTRA, encoding="utf-8")
    with building(built, step) as child:
        child.join(60)
        assert child.exitcode == -signal.SIGKILL
    assert int(serving(built).name) == before + later
    assert_recovers(built)


@pytest.mark.parametrize("delay", [0.0, 0.1, 0.3, 0.5])
def test_a_build_that_is_killed_at_any_moment(built: Settings, delay: float) -> None:
    document(built, "dalate.txt").write_text(EXTRA, encoding="utf-8")
    with building(built):
        time.sleep(delay)
    assert_recovers(built)
