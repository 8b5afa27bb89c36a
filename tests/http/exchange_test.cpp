// Proves what an exchange does whatever the API: the order of its answers, limits, headers, and what it says when the
// store, the records or the memory fail.
#include "faults/allocations.hpp"
#include "wire.hpp"

namespace exchange_test {

using namespace wire;

namespace {

const http::Api* const apis[] = {&http::recoup, &http::turso, &http::piper, &http::mem0, &http::devin, &http::bulk};

/// A request that each API carries out in the world below.
struct Sample {
  const http::Api* api;
  std::string target, body;
};
const std::string org = uuid(1), boss = uuid(2), ana = uuid(3), a_role = uuid(4);
const std::vector<Sample> samples = {
    {&http::recoup, "/api/organizations/members", R"({"organizationId":")" + org + R"(","email":"new@label.example"})"},
    {&http::turso, "/v1/organizations/chirp/members", R"({"username":"ana"})"},
    {&http::piper, "/v1/organizations/" + org + "/members",
     R"({"email":"new@label.example","role_id":")" + a_role + "\"}"},
    {&http::mem0, "/api/v1/orgs/organizations/ent/projects/" + org + "/members/",
     R"({"email":"ana@label.example","role":"READER"})"},
    {&http::devin, "/v2/enterprise/organizations/" + org + "/members",
     R"({"user_ids":[")" + ana + R"("],"org_ids":[]})"},
    {&http::bulk, "/organizations/" + org + "/members", R"({"members":[{"email":"new@label.example"}]})"},
};

struct World : Wire {
  explicit World(const Sample& sample) : Wire(*sample.api) {
    address = sample.target;
    host.has_organization("ent");
    host.has_organization(org, "ent", "chirp");
    host.has_role(org, {.id = role(a_role), .rank = 1});
    host.has_account(boss, "boss@label.example", "boss");
    host.has_account(ana, "ana@label.example", "ana");
    const char* const manager = &sample == &samples[1] || &sample == &samples[5] ? "owner"
                                : &sample == &samples[3]                         ? "OWNER"
                                                                                 : "member";
    host.has_member(org, boss, manager);
    host.has_member("ent", boss, "org_admin");
    who.actor = by(boss);
  }
};

/// A store whose operations fail from the n-th call on, before or after they have done what they were asked.
struct Failing final : Store {
  Failing(Store& with, int sound_calls, Errc how, bool loses_answer, bool throws)
      : inner(&with), left(sound_calls), code(how), loses(loses_answer), throwing(throws) {}
  Result<void> fetch(const Query& query, Facts& facts) override {
    if (left-- > 0) return inner->fetch(query, facts);
    return fail();
  }
  Result<void> commit(const ChangeSet& changes) override {
    if (left-- > 0) return inner->commit(changes);
    if (loses) (void)inner->commit(changes);
    return fail();
  }
  Result<void> fail() const {
    if (throwing) throw 1;
    return code;
  }
  Store* inner;
  int left;
  Errc code;
  bool loses, throwing;
};

std::string stripped(std::string text) {  // of the identifiers, which are new each time
  for (std::size_t at = text.find('-'); at != std::string::npos; at = text.find('-', at + 1))
    if (at >= 8 && at + 28 <= text.size() && text[at + 5] == '-') text.replace(at - 8, 36, "uuid");
  return text;
}

}  // namespace

TEST_CASE("exchange: each API carries its sample out, also when the exchange is moved between any two steps") {
  for (const Sample& sample : samples) {
    INFO(sample.api->name);
    World api(sample);
    http::Exchange exchange(*sample.api, {"POST", sample.target, api.headers, sample.body}, api.who,
                            Context{now, &api.host.ids});
    while (exchange.need() != http::Exchange::Need::response) {
      http::Exchange moved(std::move(exchange));
      switch (moved.need()) {
        case http::Exchange::Need::facts: moved.provide(api.host.fetch(moved.query(), moved.facts())); break;
        case http::Exchange::Need::commit: moved.committed(api.host.commit(moved.changes())); break;
        default: moved.provide_records({});
      }
      exchange = std::move(moved);
    }
    const http::Response response = exchange.response();
    CHECK(response.status / 100 == 2);
    World other(sample);
    CHECK(stripped(other.post(sample.body)) == stripped(shown(response)));
  }
}

TEST_CASE("exchange: the address before the method, the method before the credential, the credential before the body") {
  for (const Sample& sample : samples) {
    INFO(sample.api->name);
    World api(sample);
    api.who.actor.reset();
    CHECK(api.send(sample.target + "/x", "").status == 404);
    CHECK(api.send("/", "").status == 404);
    CHECK(api.send("", "").status == 404);
    CHECK(api.send("*", "").status == 404);
    CHECK(api.send("/" + sample.target, "").status == 404);
    CHECK(api.send(sample.target + "%zz", "").status == 404);
    api.method = "GET";
    const http::Response wrong = api.send(sample.target, "");
    CHECK(wrong.status == 405);
    CHECK(header_of(wrong, "Allow") == "POST");
    api.method = "POST";
    const http::Response unknown = api.send(sample.target, std::string(2'000'000, 'x'));
    CHECK(unknown.status == 401);
    CHECK_FALSE(header_of(unknown, "WWW-Authenticate").empty());
    api.who.actor = by(boss);
    CHECK(api.send(sample.target, std::string((1u << 20) + 1, ' ')).status == 413);
    CHECK(api.send(sample.target, std::string(1u << 20, ' ')).status == sample.api->malformed);
    CHECK(api.send(sample.target + "?x=1", sample.body).status / 100 == (sample.api == &http::bulk ? 4 : 2));
  }
}

TEST_CASE(
    "exchange: a body that is declared as something else than JSON in UTF-8 is refused in the API's own envelope") {
  struct Row {
    std::vector<http::Header> headers;
    bool fine;
  };
  const Row rows[] = {
      {{}, true},
      {{{"content-type", "application/json; charset=UTF-8"}}, true},
      {{{"CONTENT-TYPE", "Application/JSON;charset=\"utf-8\";x=y"}}, true},
      {{{"Content-Type", "application/vnd.api+json"}, {"Content-Encoding", "identity"}}, true},
      {{{"Content-Type", "text/plain"}}, false},
      {{{"Content-Type", "application/json; charset=latin1"}}, false},
      {{{"Content-Type", "application/json; x=y; charset=utf-16"}}, false},
      {{{"Content-Type", ""}}, false},
      {{{"Content-Type", "application/json"}, {"content-type", "application/json"}}, false},
      {{{"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}}, false},
  };
  for (const Sample& sample : samples)
    for (const Row& row : rows) {
      World api(sample);
      api.headers = row.headers;
      const http::Response response = api.send(sample.target, sample.body);
      const unsigned refused = sample.api == &http::bulk ? 415 : sample.api->malformed;
      if (row.fine) {
        CHECK(response.status / 100 == 2);
      } else {
        CHECK(response.status == refused);
      }
    }
}

TEST_CASE("exchange: a store that fails is 5xx and never an answer about the request, a retry with the key succeeds") {
  for (const Sample& sample : samples)
    for (const Errc code : {Errc::store_failed, Errc::stale, Errc::out_of_memory, Errc::store_full})
      for (const bool loses : {false, true})
        for (const bool throws : {false, true})
          for (int sound = 0; sound < 2; ++sound) {
            if (loses && (code != Errc::store_failed || throws)) continue;
            INFO(sample.api->name << " " << name(code) << (loses ? " loses the answer" : "") << " after " << sound);
            World api(sample);
            api.headers.push_back({"Idempotency-Key", "k-1"});
            Failing store(api.host, sound, code, loses, throws);
            const http::Handler handler(api.api, store, api.host.ids);
            const http::Request request{"POST", sample.target, api.headers, sample.body};
            const http::Response failed = handler.handle(request, api.who, now);
            CHECK(failed.status == 503);
            CHECK(header_of(failed, "Retry-After") == "1");
            CHECK_FALSE(failed.body.empty());
            const std::string code_of_it = "\"code\":\"" + std::string(name(throws ? Errc::store_failed : code)) + "\"";
            if (sample.api == &http::bulk && code != Errc::stale && code != Errc::store_full)
              CHECK(failed.body.find(code_of_it) != std::string::npos);
            CHECK(http::Handler(api.api, api.host, api.host.ids).handle(request, api.who, now).status / 100 == 2);
            CHECK(api.host.store.member_count(organization(org)).value() == 2);
          }
}

TEST_CASE(
    "exchange: a bulk that stops behind its first tile says what is settled, and 503 alone says when to come back") {
  // One lost race halves the tile. The first half is written, and the second is not.
  struct Halving final : Store {
    Halving(Store& with, Errc how) : inner(&with), code(how) {}
    Result<void> fetch(const Query& query, Facts& facts) override {
      Result<void> done = inner->fetch(query, facts);
      if (commits == 2 && code == Errc::store_broke_contract) facts.accounts.clear();
      return done;
    }
    Result<void> commit(const ChangeSet& changes) override {
      if (++commits == 1) return Errc::stale;
      return commits == 2 ? inner->commit(changes) : Result<void>(code);
    }
    Store* inner;
    Errc code;
    int commits = 0;
  };
  for (const Errc code : {Errc::store_failed, Errc::out_of_memory, Errc::store_full, Errc::store_broke_contract}) {
    INFO(name(code));
    World api(samples[5]);
    Halving store(api.host, code);
    const http::Request request{"POST", samples[5].target, api.headers,
                                R"({"members":[{"email":"new@label.example"},{"username":"ana"}]})"};
    const http::Response stopped = http::Handler(api.api, store, api.host.ids).handle(request, api.who, now);
    CHECK(stopped.status == (code == Errc::store_broke_contract ? 500 : 503));
    CHECK(header_of(stopped, "Retry-After") == (stopped.status == 503 ? "1" : ""));
    CHECK(stopped.body.find("\"code\":\"" + std::string(name(code)) + "\"") != std::string::npos);
    CHECK(stopped.body.find(R"("index":0,"result":"created","code":"added")") != std::string::npos);
    CHECK(stopped.body.find(R"("index":1,"result":"refused","code":"undecided")") != std::string::npos);
    CHECK(api.host.store.member_count(organization(org)).value() == 2);
  }
  for (const Sample& sample : samples) {
    INFO(sample.api->name);
    World api(sample);
    Halving store(api.host, Errc::store_broke_contract);
    store.commits = 2;
    const http::Response broken = http::Handler(api.api, store, api.host.ids)
                                      .handle({"POST", sample.target, api.headers, sample.body}, api.who, now);
    CHECK(broken.status == 500);
    CHECK(header_of(broken, "Retry-After").empty());
  }
}

TEST_CASE("exchange: an Idempotency-Key is a quoted string or bare characters, anything else is refused") {
  struct Row {
    std::vector<http::Header> keys;
    bool fine;
  };
  const std::string longest(255, 'k'), too_long(256, 'k');
  const Row rows[] = {
      {{{"Idempotency-Key", "\"8e03978e-40d5-43dd-bc93-6894a57f9324\""}}, true},
      {{{"idempotency-key", "8e03978e-40d5-43dd-bc93-6894a57f9324"}}, true},
      {{{"Idempotency-Key", "\"a \\\"b\\\\\""}}, true},
      {{{"Idempotency-Key", longest}}, true},
      {{{"Idempotency-Key", too_long}}, false},
      {{{"Idempotency-Key", ""}}, false},
      {{{"Idempotency-Key", "\"\""}}, false},
      {{{"Idempotency-Key", "\"a"}}, false},
      {{{"Idempotency-Key", "\"a\"b\""}}, false},
      {{{"Idempotency-Key", "\"a\\x\""}}, false},
      {{{"Idempotency-Key", "a b"}}, false},
      {{{"Idempotency-Key", "\xC3\xA9"}}, false},
      {{{"Idempotency-Key", "a"}, {"Idempotency-Key", "a"}}, false},
  };
  for (const Row& row : rows) {
    World api(samples[5]);
    api.headers = row.keys;
    CHECK(api.send(samples[5].target, samples[5].body).status == (row.fine ? 201 : 400));
  }
  // The quotes are how the header is written, not a part of the key.
  World api(samples[5]);
  api.headers = {{"Idempotency-Key", "k"}};
  CHECK(api.send(samples[5].target, samples[5].body).status == 201);
  api.headers = {{"Idempotency-Key", "\"k\""}};
  CHECK(api.send(samples[5].target, samples[5].body).body.find("replayed") != std::string::npos);
}

TEST_CASE("exchange: records that throw change nothing but what is shown") {
  struct Throwing : http::RecordSource {
    http::Records look_up(const http::RecordsQuery&) override { throw 1; }
  } records;
  World api(samples[2]);
  api.records = &records;
  CHECK(api.post(samples[2].body).ends_with(R"("role":null,"user":null,"organization":null})"));
}

TEST_CASE("exchange: wherever memory ends there is a response, and a retry finds what was written") {
  for (const Sample& sample : samples) {
    INFO(sample.api->name);
    bool reached_the_end = false;
    for (std::uint64_t nth = 1; nth < 2'000 && !reached_the_end; ++nth) {
      World api(sample);
      api.headers.push_back({"Idempotency-Key", "k-1"});
      const http::Handler handler(*sample.api, api.host.store, api.host.ids);
      const http::Request request{"POST", sample.target, api.headers, sample.body};
      http::Response response;
      {
        const faults::WatchedAllocations watched(nth);
        response = handler.handle(request, api.who, now);
      }
      reached_the_end = !faults::WatchedAllocations::failed();
      if (!reached_the_end) CHECK((response.status == 503 || response.status / 100 == 2));
      const http::Response again = handler.handle(request, api.who, now);
      CHECK(again.status / 100 == 2);
      CHECK(api.host.store.member_count(organization(org)).value() == 2);
    }
    CHECK(reached_the_end);
  }
}

TEST_CASE(
    "exchange: two at once, each step of the one between those of the other, are one account and one membership") {
  for (const Sample& sample : samples) {
    INFO(sample.api->name);
    World api(sample);
    const http::Request request{"POST", sample.target, api.headers, sample.body};
    const auto accounts = api.host.store.account_count();
    http::Exchange rivals[] = {http::Exchange(*sample.api, request, api.who, Context{now, &api.host.ids}),
                               http::Exchange(*sample.api, request, api.who, Context{now, &api.host.ids})};
    for (bool moved = true; moved;) {
      moved = false;
      for (http::Exchange& one : rivals) {
        moved = moved || one.need() != http::Exchange::Need::response;
        switch (one.need()) {
          case http::Exchange::Need::facts: one.provide(api.host.fetch(one.query(), one.facts())); break;
          case http::Exchange::Need::commit: one.committed(api.host.commit(one.changes())); break;
          case http::Exchange::Need::records: one.provide_records({}); break;
          case http::Exchange::Need::response: break;
        }
      }
    }
    CHECK(rivals[0].response().status / 100 == 2);
    const bool conflicts = sample.api == &http::turso || sample.api == &http::piper;
    CHECK(rivals[1].response().status == (conflicts ? 409 : 200));
    CHECK(api.host.store.member_count(organization(org)).value() == 2);
    CHECK(api.host.store.account_count() <= accounts + 1);
  }
}

TEST_CASE("exchange: a profile that contradicts itself is the host's mistake, not the client's") {
  Profile broken = profiles::recoup;
  broken.default_role = RoleId("nobody");
  World api(samples[0]);
  api.api.profile = &broken;
  CHECK(api.send(samples[0].target, samples[0].body).status == 500);
  api.api.profile = nullptr;
  CHECK(api.send(samples[0].target, samples[0].body).status == 500);
}

TEST_CASE("exchange: the tables of the six APIs are complete") {
  for (const http::Api* const api : apis) {
    INFO(api->name);
    CHECK(api->path.starts_with("/"));
    CHECK_FALSE(api->schemes.empty());
    CHECK((api->profile != nullptr && api->profile->name == api->name));
    CHECK((api->read != nullptr && api->answer != nullptr && api->refuse != nullptr));
  }
}

}
