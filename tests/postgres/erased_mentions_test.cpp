// Proves that no table names an account that was erased with its mentions, and that the events of one whose mentions
// are kept stay.
#include "sql/erased_mentions.hpp"

#include "scenario.hpp"

namespace erased_mentions_test {

using namespace postgres_testing;

TEST_CASE("no table names an account that was erased with its mentions", "[postgres][trips]") {
  const std::string conninfo = make_database("erased_mentions", Tables::read_committed);
  PostgresStore store(conninfo.c_str(), {.outbox = true});
  Session session(conninfo);
  sql_testing::check_mentions(store, [&] {
    return session.run(
        "SELECT string_agg(query_to_xml('SELECT * FROM ' || tablename, true, true, '')::text, ' ')"
        " FROM pg_tables WHERE tablename LIKE 'roster%'");
  });
}

}  // namespace erased_mentions_test
