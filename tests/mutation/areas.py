"""What is changed, and by which programs a change should be noticed."""
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Library:
    file: str
    parts: tuple  # the targets of CMake whose objects it has
    needs: tuple = ()
    links: tuple = ()


ROSTER = Library("libroster.so", ("roster_core", "roster_memory"))
SQLITE = Library("libroster_sqlite.so", ("roster_sqlite",), ("libroster.so",), ("-lsqlite3",))
POSTGRES = Library("libroster_postgres.so", ("roster_postgres",), ("libroster.so",), ("-lpq",))
HTTP = Library("libroster_http.so", ("roster_http",), ("libroster.so",))


@dataclass(frozen=True)
class Relinked:
    """A program that has the sources compiled into itself, not in a library beside it."""
    file: str
    parts: tuple


@dataclass(frozen=True)
class Program:
    name: str  # below the build folder
    arguments: tuple = ()
    settings: tuple = ()

    @property
    def environment(self):
        return dict(self.settings)

    def __str__(self):
        return " ".join([self.name.rsplit("/", 1)[-1], *self.arguments, *(f"{k}={v}" for k, v in self.settings)])


def catch(name, *filters, **settings):
    return Program(name, ("-a", *filters), tuple(settings.items()))


def catch_without(name, tests, **settings):
    return catch(name, "".join(f'~"{test}"' for test in tests), **settings)


def kit(name, *words):
    return Program(name, words)


FEW = {"RC_PARAMS": "max_success=100", "ROSTER_SEEDS": "60"}
CORPUS = "fuzz/corpus"


@dataclass(frozen=True)
class Area:
    library: Library
    code: tuple = ()   # patterns of files whose C++ is changed
    texts: tuple = ()  # patterns of files whose SQL is changed
    quick: tuple = ()
    full: tuple = ()
    last: tuple = ()   # (Relinked, its Program), for what survives all of these
    server: bool = False  # its programs need the server of tests/postgres/server.sh
    at_least: int = 92  # per cent


UNIT, APIS, COMPARISONS, HOSTS = (catch(f"tests/{name}") for name in ("unit", "apis", "comparisons", "hosts"))
MEMORY_LAWS = kit("tests/conformance/conformance_memory")
JUDGE = "the judge and the oracle agree about every cell*"
JUDGE_LAW, ALL_LAWS = catch("tests/laws", JUDGE), catch("tests/laws", "~" + JUDGE)
FAULTS = catch("tests/faults")
REPLAYS = tuple(Program(f"tests/replay_{name}", (f"@{CORPUS}/{name}",)) for name in ("decide", "identity", "lives", "schedule"))
STORE_UNIT, STORE_FAULTS = catch("tests/unit", "[memory_store]"), catch("tests/faults", "*store of any size*,of those who come back*")
VECTORS = Program("tests/vectors/vectors", ("core", "@tests/vectors/core.txt"))
HTTP_TESTS = catch("tests/http/http")
SQLITE_TESTS, SQLITE_LAWS = catch("tests/sqlite/sqlite"), kit("tests/sqlite/conformance_sqlite")
# The quick programs of a change take at most 20 CPU seconds together, so they leave out the slowest tests.
FEW_LAWS = catch_without("tests/laws", (JUDGE, "the writes of a request are replayed*"), **FEW)
FEW_UNIT = catch_without("tests/unit", ("every character at the beginning*",))
FEW_SQLITE_TESTS = catch_without("tests/sqlite/sqlite", ("an import that is killed*",), **FEW)
BEHAVIOUR = (UNIT, APIS, COMPARISONS, HOSTS, FAULTS, *REPLAYS, VECTORS, HTTP_TESTS, MEMORY_LAWS, SQLITE_LAWS, SQLITE_TESTS, JUDGE_LAW, ALL_LAWS)
SMALL_LIMITS = (Relinked("tests/limits/limits", ("roster_small_memory", "limits")), catch("tests/limits/limits"))

AREAS = {
    "core": Area(ROSTER, code=("src/core/*.*", "src/core/rules/*"), quick=(JUDGE_LAW, VECTORS, FEW_UNIT, MEMORY_LAWS, FEW_LAWS), full=BEHAVIOUR, at_least=95),
    "memory": Area(ROSTER, code=("src/memory/*",), quick=(MEMORY_LAWS, STORE_UNIT, STORE_FAULTS), full=BEHAVIOUR,
                   last=(SMALL_LIMITS,)),
    "sql": Area(SQLITE, code=("src/sql/*",), quick=(SQLITE_LAWS, FEW_SQLITE_TESTS), full=(SQLITE_LAWS, SQLITE_TESTS),
                last=((Relinked("tests/sql/sql", ("sql",)), catch("tests/sql/sql")),)),
    "sqlite": Area(SQLITE, texts=("src/sqlite/statements.cpp", "src/sqlite/schema/*.sql"), quick=(SQLITE_LAWS, FEW_SQLITE_TESTS),
                   full=(SQLITE_LAWS, kit("tests/sqlite/conformance_sqlite", "adopted"), SQLITE_TESTS)),
    "postgres": Area(POSTGRES, texts=("src/postgres/*statements.cpp", "src/postgres/schema/*.sql"), server=True,
                     quick=(kit("tests/postgres/postgres_conformance", "read_committed", "--cells", "300", "facts", "ids", "commit",
                                "unique", "guards", "bounds", "replay", "life"),
                            catch("tests/postgres/postgres_store", "[trips],[cells]")),
                     full=(kit("tests/postgres/postgres_conformance", "read_committed", "--cells", "1000"),
                           catch("tests/postgres/postgres_store", "[trips],[cells],[races],[failures]"))),
    "http": Area(HTTP, code=("src/http/*",), quick=(HTTP_TESTS,), full=(HTTP_TESTS,)),
}
