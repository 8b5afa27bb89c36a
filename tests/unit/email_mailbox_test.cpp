// Proves which mailboxes of RFC 5321 are accepted, quoted and at address literals, and what their keys are.
#include "unit/email_tables.hpp"

namespace email_mailbox_test {

using namespace email_tables;

TEST_CASE("a mailbox may be quoted, and the key has one spelling for all that say the same") {
  check_accepted(mailbox, {
                              {"a@b.de", "a@b.de"},
                              {"root@localhost", "root@localhost"},
                              {"a@B", "a@b"},
                              {"a@1.2", "a@1.2"},
                              {"a@127.0.0.1", "a@127.0.0.1"},
                              {"\"a\"@x.de", "a@x.de"},
                              {"\"A.b\"@x.de", "a.b@x.de"},
                              {"\"a\\b\"@x.de", "ab@x.de"},
                              {"\"a b\"@x.de", "\"a b\"@x.de"},
                              {"\"a\\ b\"@x.de", "\"a b\"@x.de"},
                              {"\"\"@x.de", "\"\"@x.de"},
                              {"\"a\\\"@\"@x.de", "\"a\\\"@\"@x.de"},
                              {"\"a\\\\\"@x.de", "\"a\\\\\"@x.de"},
                              {"\"a..b\"@x.de", "\"a..b\"@x.de"},
                              {"\".\"@x.de", "\".\"@x.de"},
                              {"\"a.\"@x.de", "\"a.\"@x.de"},
                              {"\"()<>[]:;,@\"@x.de", "\"()<>[]:;,@\"@x.de"},
                              {"\"" + std::string(62, 'Q') + "\"@x.de", std::string(62, 'q') + "@x.de"},
                          });
  check_refused(mailbox, {
                             {"\"", Errc::email_local_part, 1},
                             {"\"a", Errc::email_local_part, 2},
                             {"\"a\\", Errc::email_local_part, 3},
                             {"\"a\\\"@x.de", Errc::email_local_part, 9},
                             {"\"a\"", Errc::email_no_at, 3},
                             {"\"a\"b@x.de", Errc::email_local_part, 3},
                             {"\"a\".b@x.de", Errc::email_local_part, 3},
                             {"a\"b\"@x.de", Errc::email_local_part, 1},
                             {"a.\"b\"@x.de", Errc::email_local_part, 2},
                             {"\"a\r\nb\"@x.de", Errc::email_local_part, 2},
                             {"\"a\\\x7F\"@x.de", Errc::email_local_part, 3},
                             {"\"" + std::string(63, 'q') + "\"@x.de", Errc::email_local_part, 64},
                             {"\"" + std::string(100, 'q'), Errc::email_local_part, 64},
                             {"a@b.", Errc::email_domain, 4},
                             {"a@-b", Errc::email_domain, 2},
                             {"a@" + label64, Errc::email_domain, 65},
                         });
}

TEST_CASE("a mailbox may be at an address literal, as RFC 5321 writes them") {
  check_accepted(mailbox, {
                              {"a@[127.0.0.1]", "a@[127.0.0.1]"},
                              {"a@[255.255.255.255]", "a@[255.255.255.255]"},
                              {"a@[001.02.3.0]", "a@[001.02.3.0]"},
                              {"a@[IPv6:::1]", "a@[ipv6:::1]"},
                              {"a@[ipV6:::]", "a@[ipv6:::]"},
                              {"a@[IPv6:1:2:3:4:5:6:7:8]", "a@[ipv6:1:2:3:4:5:6:7:8]"},
                              {"a@[IPv6:1::]", "a@[ipv6:1::]"},
                              {"a@[IPv6:1:2:3::4:5:6]", "a@[ipv6:1:2:3::4:5:6]"},
                              {"a@[IPv6:ABCD::1.2.3.4]", "a@[ipv6:abcd::1.2.3.4]"},
                              {"a@[IPv6:::1.2.3.4]", "a@[ipv6:::1.2.3.4]"},
                              {"a@[IPv6:1:2:3:4:5:6:1.2.3.4]", "a@[ipv6:1:2:3:4:5:6:1.2.3.4]"},
                              {"a@[IPv6:1:2::3:4:1.2.3.4]", "a@[ipv6:1:2::3:4:1.2.3.4]"},
                              {"a@[Tag:x]", "a@[tag:x]"},
                              {"a@[-tag:!:Z^~]", "a@[-tag:!:z^~]"},
                              {"a@[x:" + std::string(200, 'y') + "]", "a@[x:" + std::string(200, 'y') + "]"},
                          });
  check_refused(mailbox, {
                             {"a@[", Errc::email_domain, 3},
                             {"a@[]", Errc::email_domain, 3},
                             {"a@[1.2.3]", Errc::email_domain, 8},
                             {"a@[1.2.3.4", Errc::email_domain, 10},
                             {"a@[1.2.3.4]x", Errc::email_domain, 11},
                             {"a@[1.2.3.4.5]", Errc::email_domain, 10},
                             {"a@[1.2.3.256]", Errc::email_domain, 11},
                             {"a@[1.2.3.0001]", Errc::email_domain, 12},
                             {"a@[1..2.3]", Errc::email_domain, 5},
                             {"a@[IPv6:]", Errc::email_domain, 8},
                             {"a@[IPv6:1]", Errc::email_domain, 9},
                             {"a@[IPv6::1]", Errc::email_domain, 8},
                             {"a@[IPv6:1:2:3:4:5:6:7]", Errc::email_domain, 21},
                             {"a@[IPv6:1:2:3:4:5:6:7:8:9]", Errc::email_domain, 24},
                             {"a@[IPv6:1:2:3:4:5:6:7::]", Errc::email_domain, 21},
                             {"a@[IPv6:1:2:3::4:5:6:7]", Errc::email_domain, 21},
                             {"a@[IPv6:1::2::3]", Errc::email_domain, 12},
                             {"a@[IPv6:12345::]", Errc::email_domain, 12},
                             {"a@[IPv6:1:2:3:4:5:6:7:1.2.3.4]", Errc::email_domain, 22},
                             {"a@[IPv6:1.2.3.4]", Errc::email_domain, 15},
                             {"a@[IPv6:1::2.3.4]", Errc::email_domain, 16},
                             {"a@[IPv6:1::256.3.4.5]", Errc::email_domain, 13},
                             {"a@[IPv6:1::1.2.3.x]", Errc::email_domain, 17},
                             {"a@[IPv6:1:2:3:4:5:6:1..2.3]", Errc::email_domain, 22},
                             {"a@[IPv6:g::]", Errc::email_domain, 8},
                             {"a@[IPv6:1:]", Errc::email_domain, 10},
                             {"a@[IPv\x16\x1A::1]", Errc::email_domain, 6},
                             {"a@[tag:]", Errc::email_domain, 7},
                             {"a@[:x]", Errc::email_domain, 3},
                             {"a@[tag-:x]", Errc::email_domain, 7},
                             {"a@[t_g:x]", Errc::email_domain, 4},
                             {"a@[tag:x y]", Errc::email_domain, 8},
                             {"a@[tag:x[]", Errc::email_domain, 8},
                             {"a@[tag:x\\]", Errc::email_domain, 8},
                             {"a@[tag:x", Errc::email_domain, 8},
                             {"a@[tag:x].de", Errc::email_domain, 9},
                         });
}

}
