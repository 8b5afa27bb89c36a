// The quickstart's reader takes RFC 4180 text, refuses the rest line by line, and its import says what it did.
// The program's own files are compiled into this test: they are an example, not a library.
#if __has_include(<fmt/core.h>)

#include "../../docs/examples/quickstart/csv.cpp"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "../../docs/examples/quickstart/chosen_store.cpp"
#include "../../docs/examples/quickstart/importer.cpp"
#include "../../docs/examples/quickstart/roster_file.cpp"
#include "catch.hpp"

namespace csv_test {

using namespace quickstart;
using roster::Outcome;

namespace {

const std::string head = "organization,team,username,role\n";

/// Every record as "line:field|field" or "line!" for a malformed one.
std::vector<std::string> records(std::string_view text) {
  std::vector<std::string> all;
  CsvReader reader(text);
  while (const auto record = reader.next()) {
    std::string shown = std::to_string(record->line) + (record->error.empty() ? ":" : "!");
    if (record->error.empty())
      for (std::size_t i = 0; i < record->fields.size(); ++i) shown += (i == 0 ? "" : "|") + record->fields[i];
    all.push_back(shown);
  }
  return all;
}
using Records = std::vector<std::string>;

struct Imported {
  Plan plan;
  ImportResult first, second;
  std::uint64_t memberships = 0;
};
Imported import_twice(const std::string& text) {
  Imported done;
  const RosterFile file = read_roster(text);
  REQUIRE(file.unusable.empty());
  REQUIRE(file.bad.empty());
  done.plan = plan_import(file.rows);
  std::string why;
  const auto store = choose_store("memory", 1, why);
  REQUIRE(store != nullptr);
  roster::UuidSource ids({1, 2});
  REQUIRE(prepare(*store, done.plan));
  const roster::Engine engine(import_profile, store->store(), ids);
  auto first = run_import(engine, done.plan, roster::Time{1}, [](std::size_t) {});
  auto second = run_import(engine, done.plan, roster::Time{2}, [](std::size_t) {});
  REQUIRE(first);
  REQUIRE(second);
  done.first = first.value();
  done.second = second.value();
  done.memberships = store->membership_count().value();
  return done;
}
std::uint64_t count(const ImportResult& result, Outcome outcome) {
  return result.total[outcome];
}

}  // namespace

TEST_CASE("csv: plain, quoted and empty fields, LF and CRLF, with and without a last line end") {
  CHECK(records("a,b\nc,d\n") == Records{"1:a|b", "2:c|d"});
  CHECK(records("a,b\r\nc,d") == Records{"1:a|b", "2:c|d"});
  CHECK(records(",\n\"\",x\n") == Records{"1:|", "2:|x"});
  CHECK(records("\"a,b\",\"say \"\"hi\"\"\"\n") == Records{"1:a,b|say \"hi\""});
  CHECK(records("\"two\nlines\",x\ny,z\n") == Records{"1:two\nlines|x", "3:y|z"});
  CHECK(records("").empty());
  CHECK(records("\n\r\n\n").empty());
  CHECK(records("\na\n\n\nb") == Records{"2:a", "5:b"});
  CHECK(records("a,\n") == Records{"1:a|"});
  CHECK(records("a\rb\n") == Records{"1:a\rb"});
}

TEST_CASE("csv: a malformed record costs its line and nothing after it") {
  CHECK(records("a\"b\nc\n") == Records{"1!", "2:c"});
  CHECK(records("\"a\"b\nc\n") == Records{"1!", "2:c"});
  CHECK(records("\"never closed\nc\nd") == Records{"1!", "2:c", "3:d"});
  CHECK(records(std::string(257, 'x') + "\nc\n") == Records{"1!", "2:c"});
  CHECK(records(std::string(256, 'x')).front().ends_with("x"));
  CHECK(records(std::string(256, 'x') + "\ry\nc\n") == Records{"1!", "2:c"});
  CHECK(records("\"" + std::string(257, 'x') + "\"\nc\n") == Records{"1!", "2:c"});
  CHECK(records(std::string(15, ',') + "\n").front().starts_with("1:"));
  CHECK(records(std::string(16, ',') + "\nc\n") == Records{"1!", "2:c"});
}

TEST_CASE("csv: every prefix and every byte of a difficult text is read to its end") {
  const std::string text = "a,\"b\"\"c\nd\",e\r\n\"f\"g\r\n,,\n\"";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    CHECK(records(std::string_view(text).substr(0, size)).size() <= 5);
    for (const char c : {'"', ',', '\n', '\r', '\0', '\xFF'}) {
      std::string changed = text;
      if (size < changed.size()) changed[size] = c;
      CHECK(records(changed).size() <= 8);
    }
  }
}

TEST_CASE("roster file: rows become typed, and each bad row says its line and why") {
  const RosterFile file = read_roster("\xEF\xBB\xBF" + head +
                                      "acme,,ada,admin\n"
                                      "acme,core,bob,owner\n"  // line 3: no such role
                                      "acme,core,bob\n"        // line 4: a field is missing
                                      ",core,bob,member\n"     // line 5: no organization
                                      "acme,core,b\x01"
                                      "b,member\n"                // line 6: a control character
                                      "acme,core,\xC3(,member\n"  // line 7: not UTF-8
                                      "acme,core,Zo\xC3\xAB,maintainer\n");
  REQUIRE(file.unusable.empty());
  REQUIRE(file.rows.size() == 2);
  CHECK(file.rows[0].team.empty());
  CHECK(file.rows[1].line == 8);
  CHECK(file.rows[1].seat == HostRole::maintainer);
  REQUIRE(file.bad.size() == 5);
  for (std::size_t i = 0; i < file.bad.size(); ++i) CHECK(file.bad[i].line == i + 3);
  CHECK(file.bad[0].why == "unknown role `owner`: write member, maintainer or admin");
  CHECK(file.bad[3].why.starts_with("username: malformed id `b\\x01b` at byte 1: "));
  CHECK(file.bad[4].why.starts_with("username: malformed id `\\xc3(` at byte 0: "));
}

TEST_CASE("roster file: a file that is none says so at once") {
  CHECK(read_roster("").unusable.starts_with("the file is empty"));
  CHECK(read_roster("\n\n").unusable.starts_with("the file is empty"));
  CHECK(read_roster(head).unusable.find("no rows") != std::string::npos);
  CHECK(read_roster("organization,team,username\n").unusable.starts_with("line 1: the header must be"));
  CHECK(read_roster("Organization,team,username,role\n").unusable.starts_with("line 1: the header must be"));
  CHECK(read_roster(std::string(1'000'000, 'x')).unusable.starts_with("line 1: the header must be"));
  CHECK(read_roster(std::string_view("\xFF\xFEo\0r\0", 6)).unusable.find("UTF-16") != std::string::npos);
  std::string why;
  CHECK_FALSE(read_file("no such file", why));
  CHECK(why.starts_with("cannot read `no such file`: "));
  CHECK_FALSE(read_file(".", why));
}

TEST_CASE("import: teams of one name in two organizations are two, and who is in a team is in its organization") {
  const Imported done = import_twice(head + "acme,core,ada,maintainer\nglobex,core,bob,member\n");
  CHECK(done.plan.places.size() == 4);
  CHECK(count(done.first, Outcome::added) == 2);
  CHECK(done.memberships == 4);
  CHECK(count(done.second, Outcome::existing) == 2);
}

TEST_CASE("import: two spellings are one person, and a person named twice has the higher role") {
  const Imported done = import_twice(head +
                                     "acme,,Ada,admin\nacme,,ada,member\nacme,,ADA,member\n"
                                     "acme,,bob,member\nacme,,bob,member\n");
  CHECK(done.plan.people.size() == 2);
  CHECK(done.plan.spellings == 4);
  CHECK(done.plan.people.front().view() == "Ada");
  CHECK(done.plan.organizations.front().people == 2);
  CHECK(count(done.first, Outcome::added) == 2);
  CHECK(count(done.first, Outcome::replayed) == 2);  // the second ada and the second bob
  CHECK(count(done.first, Outcome::replaced) == 1);  // ada: member, then raised to admin
  CHECK(done.memberships == 2);
  // Members are asked for before admins, and ada is an admin by now: nothing is lowered and nothing is written.
  CHECK(count(done.second, Outcome::existing) == 5);
}

TEST_CASE("import: the team `b/c` of `a` is not the team `c` of `a/b`") {
  const Imported done = import_twice(head + "a,b/c,ada,admin\na/b,c,bob,member\n");
  REQUIRE(done.plan.places.size() == 4);
  CHECK(done.plan.places[2].parent.view() == "a");
  CHECK(done.plan.places[3].parent.view() == "a/b");
  CHECK(done.plan.places[2].id != done.plan.places[3].id);
  CHECK(done.plan.organizations[0].people == 1);
  CHECK(done.plan.organizations[1].people == 1);
  CHECK(done.memberships == 4);
  // Nor can an organization be named as a team is.
  const std::string stolen(done.plan.places[2].id.view());
  CHECK(read_roster(head + stolen + ",,eve,admin\n").bad.at(0).why.starts_with("organization: a name cannot begin"));
}

TEST_CASE("import: blanks at the ends of a field are removed, and each such field is noted") {
  const std::string rows =
      "acme,,ann,admin\n acme ,\u00A0core\u3000,ann ,member\n\tacme,  , \u2003 ann,\" admin\"\nacme,a b,ann "
      "ann,admin\n";
  const RosterFile file = read_roster(head + rows);
  REQUIRE(file.bad.empty());
  REQUIRE(file.rows.size() == 4);
  CHECK(file.rows[1].team == roster::Slug("core"));
  CHECK(file.rows[2].team.empty());
  CHECK(file.rows[3].username == roster::Username("ann ann"));
  std::string noted;
  for (const TrimmedField& field : file.trimmed)
    noted += std::to_string(field.line) + " " + std::string(field.column) + " `" + field.text + "`\n";
  CHECK(noted ==
        "3 organization ` acme `\n3 team `\u00A0core\u3000`\n3 username `ann `\n"
        "4 organization `\tacme`\n4 team `  `\n4 username ` \u2003 ann`\n4 role ` admin`\n");
  const Imported done = import_twice(head + rows);
  CHECK(done.plan.organizations.size() == 1);
  CHECK(done.plan.people.size() == 2);
  const RosterFile hidden = read_roster(head + "acme,,an\u200Bn,member\nacme,, ,member\n");
  REQUIRE(hidden.bad.size() == 2);
  CHECK(hidden.bad[0].why.starts_with("username: malformed id `an\\xe2\\x80\\x8bn` at byte 2: "));
  CHECK(hidden.bad[1].why.starts_with("username: malformed id ``: "));
}

TEST_CASE("import: the longest names that a row can hold make a team of their own") {
  const std::string organization(63, 'o'), team(63, 't');
  const std::string ada(255, 'a'), digest = "digest:" + std::string(30, 'd');
  const Imported done = import_twice(head + organization + "," + team + "," + ada + ",member\n" + organization + ",," +
                                     ada.substr(1) + ",member\n" + organization + ",," + digest + ",member\n");
  CHECK(done.plan.places.size() == 2);
  CHECK(done.plan.people.size() == 3);
  CHECK(done.memberships == 4);
}

TEST_CASE("import: the roster beside the quickstart is good, and a second import changes nothing") {
  std::ifstream file(ROSTER_SOURCE_DIR "/docs/examples/roster.csv", std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  const Imported done = import_twice(text.str());
  CHECK(done.plan.organizations.size() == 3);
  CHECK(done.plan.spellings > done.plan.people.size());
  const std::size_t rows = read_roster(text.str()).rows.size();
  CHECK(count(done.first, Outcome::added) + count(done.first, Outcome::replaced) +
            count(done.first, Outcome::replayed) ==
        rows);
  CHECK(count(done.first, Outcome::replaced) == 1);  // it shows each thing that a roster can hold
  CHECK(count(done.first, Outcome::replayed) == 1);
  CHECK(count(done.second, Outcome::existing) == rows);
  CHECK(done.memberships > count(done.first, Outcome::added));
}

}

#endif
