#include "roster/http/exchange.hpp"

#include <new>

#include "http/fields.hpp"
#include "http/headers.hpp"
#include "http/messages.hpp"
#include "http/route.hpp"
#include "roster/operation.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {

struct Exchange::State {
  State(const Api& with, const Context& when) : api(with), context(when) {
    if (api.profile != nullptr) profile = *api.profile;
  }

  void begin(const Request& request, const Authentication& authentication, const Limits& limits);
  void go_on();
  void settle(Result<Report> result);
  void respond();

  Api api;
  Profile profile;  // a copy: a request may choose its mode
  Context context;
  AddMembers command;
  Options options;
  std::optional<Operation> operation;
  Report report;
  RecordsQuery wanted;
  Records records;
  Need need = Need::response;
  Response response;

 private:
  void refuse(const Refusal& refusal) {
    need = Need::response;
    response = Response();
    api.refuse(refusal, response);
  }
  void refuse(std::uint16_t status, std::string_view code, std::string_view text) {
    refuse({.status = status, .code = code, .text = std::string(text)});
  }
  void refuse_invalid(const RequestReader& reader);
  void refuse_unauthenticated();
  void refuse_outcome(Outcome outcome, std::string_view called);
  void refuse_error(const Error& error);
  void refuse_cell(const CommandResult& result);
  void bind_idempotency_key(RequestReader& reader);
  bool read(const Request& request, const Limits& limits, Parameters parameters);
  bool shows_records() const noexcept;
};

namespace {

/// The cell that an atomic refusal reports: the first with a refusal of its own.
std::uint32_t refused_cell(const Report& report) noexcept {
  std::uint32_t first = no_index;
  for (std::uint32_t i = 0; i < report.outcomes.size(); ++i) {
    if (succeeded(report.outcomes[i])) continue;
    if (report.outcomes[i] != Outcome::not_attempted) return i;
    if (first == no_index) first = i;
  }
  return first;
}

std::string_view challenge(const Api& api) noexcept {
  for (const AuthScheme& way : api.schemes)
    if (!way.scheme.empty()) return way.scheme;
  return "Bearer";
}

/// True for errors of the store at run time. All others are defects of the host's set-up.
bool may_pass(Errc code) noexcept {
  return code == Errc::contended || code == Errc::store_failed || code == Errc::out_of_memory ||
         code == Errc::store_full;
}

std::string_view role_asked(const AddMembers& command, std::uint32_t cell) noexcept {
  const std::span<const RoleId> roles = command.roles.span();
  const std::size_t index = cell < command.cell_roles.size() ? command.cell_roles[cell] : std::size_t{0};
  return index < roles.size() ? roles[index].view() : std::string_view();
}

}  // namespace

void Exchange::State::begin(const Request& request, const Authentication& authentication, const Limits& limits) {
  if (api.profile == nullptr) return refuse_error(Errc::profile_malformed);
  Parameters parameters;
  if (!match(api.path, request.target, parameters))
    return refuse(404, "route_not_found", "there is nothing at this address: check the path");
  if (request.method != api.method) {
    refuse(405, "method_not_allowed", "this address takes another method: see the header `Allow`");
    response.headers.push_back({"Allow", std::string(api.method)});
    return;
  }
  if (!authentication.actor) return refuse_unauthenticated();
  if (request.body.size() > limits.body_bytes_max)
    return refuse(413, "body_too_large", too_long(limits.body_bytes_max));
  command.actor = *authentication.actor;
  command.asked_at = request.asked_at;
  if (!read(request, limits, std::move(parameters))) return;
  if (!authentication.permitted) return refuse_outcome(Outcome::forbidden, {});
  operation.emplace(profile, command, context, options);
  go_on();
}

bool Exchange::State::read(const Request& request, const Limits& limits, Parameters parameters) {
  RequestReader reader(request, profile, options, command);
  reader.parameters = std::move(parameters);
  check_parameters(api, reader);
  check_query(api, reader);
  bind_idempotency_key(reader);
  // The values of the fields are read only if all have the required type.
  if (check_body(api, limits, reader) && reader.errors.empty()) api.read(reader);
  if (!reader.errors.empty()) {
    refuse_invalid(reader);
    return false;
  }
  if (!reader.refused) return true;
  const bool hides = profile.hides_organizations && !command.actor.staff;
  refuse_outcome(hides && *reader.refused == Outcome::organization_not_found ? Outcome::forbidden : *reader.refused,
                 reader.refused_name);
  return false;
}

/// Binds the key to the actor and the API, so that keys of different clients never collide.
void Exchange::State::bind_idempotency_key(RequestReader& reader) {
  const IdempotencyKeyHeader repetition = read_idempotency_key(reader.request);
  if (!repetition.given) return;
  if (!repetition.key) {
    Location at;
    at.in = "header";
    at.name = "Idempotency-Key";
    return reader.add_error({ErrorKind::malformed,
                             std::move(at),
                             FieldType::string,
                             {},
                             "`Idempotency-Key` must be one quoted string of 1 to 255 printable characters"});
  }
  std::string bound(command.actor.id.view());
  bound += '\n';
  bound += api.name;
  bound += '\n';
  bound += *repetition.key;
  command.idempotency_key = IdempotencyKey::of(bound);
}

void Exchange::State::refuse_invalid(const RequestReader& reader) {
  const ValidationError& first = reader.errors.front();
  std::uint16_t status = api.malformed;
  if (first.kind == ErrorKind::media_type && api.wrong_media_type != 0) status = api.wrong_media_type;
  refuse({.status = status, .code = name(first.kind), .text = first.text, .errors = reader.errors});
}

void Exchange::State::refuse_unauthenticated() {
  refuse(401, "unauthenticated", api.unauthenticated);
  response.headers.push_back({"WWW-Authenticate", std::string(challenge(api))});
}

void Exchange::State::refuse_outcome(Outcome outcome, std::string_view called) {
  refuse(profile.status[outcome], name(outcome), message_for(api, outcome, called, called, {}));
}

void Exchange::State::refuse_error(const Error& error) {
  switch (error.code) {
    case Errc::batch_empty:
    case Errc::batch_too_large:
    case Errc::valid_until_passed: {
      ValidationError invalid;
      invalid.kind = error.code == Errc::batch_empty       ? ErrorKind::empty
                     : error.code == Errc::batch_too_large ? ErrorKind::too_many
                                                           : ErrorKind::malformed;
      invalid.why = error;
      invalid.text = describe(error.code);
      return refuse({.status = api.malformed,
                     .code = name(error.code),
                     .text = invalid.text,
                     .errors = std::span<const ValidationError>(&invalid, 1)});
    }
    case Errc::actor_missing: return refuse_unauthenticated();
    default: break;
  }
  refuse(may_pass(error.code) ? 503 : 500, name(error.code), describe(error.code));
  if (may_pass(error.code)) response.headers.push_back({"Retry-After", "1"});
}

void Exchange::State::go_on() {
  switch (operation->need()) {
    case Operation::Need::facts: need = Need::facts; return;
    case Operation::Need::commit: need = Need::commit; return;
    case Operation::Need::nothing: return settle(operation->finish());
  }
}

bool Exchange::State::shows_records() const noexcept {
  if (api.include_records == IncludeRecords::nothing || report.accounts.empty() || report.accounts[0].id.empty())
    return false;
  return api.include_records == IncludeRecords::whenever_found || report.succeeded();
}

void Exchange::State::settle(Result<Report> result) {
  if (!result) return refuse_error(result.assume_error());
  report = std::move(result).assume_value();
  if (!shows_records()) return respond();
  need = Need::records;
  wanted = {report.accounts[0].id, &command.organizations.span().front(), report.role(0, 0), report.membership(0, 0)};
}

void Exchange::State::respond() {
  need = Need::response;
  response = Response();
  const CommandResult result{profile, command, report, records, context.now, options.dry_run};
  if (report.succeeded() || api.answers_refusals) return api.answer(result, response);
  if (report.stopped) return refuse_error(*report.stopped);
  refuse_cell(result);
}

void Exchange::State::refuse_cell(const CommandResult& result) {
  const std::uint32_t cell = refused_cell(report), row = cell / report.columns, column = cell % report.columns;
  const Outcome outcome = report.outcomes[cell];
  // An account that only a group names has an id as its name, or none.
  std::string_view account = report.accounts[column].id.view();
  if (column < command.accounts.size()) account = text_of(command.accounts.span()[column]);
  if (api.include_records == IncludeRecords::whenever_found && records.account && records.account->username)
    account = *records.account->username;  // the stored spelling, because the store may ignore case
  refuse({.status = profile.status[outcome],
          .code = name(outcome),
          .text =
              message_for(api, outcome, account, text_of(command.organizations.span()[row]), role_asked(command, cell)),
          .result = &result,
          .row = row,
          .column = column});
}

namespace {

// Any allocation in a step may fail. The response then has no body, which would require memory too.
template <class Step>
void guarded(Exchange::Need& need, Response& response, Step&& step) noexcept {
  try {
    step();
  } catch (const std::bad_alloc&) {
    need = Exchange::Need::response;
    response = Response();
  } catch (...) {  // a table of the API is malformed
    need = Exchange::Need::response;
    response = Response();
    response.status = 500;
  }
}

}  // namespace

Exchange::Exchange(const Api& api, const Request& request, const Authentication& authentication, const Context& context,
                   const Limits& limits) noexcept
    : state_(new (std::nothrow) State(api, context)) {
  if (state_) guarded(state_->need, state_->response, [&] { state_->begin(request, authentication, limits); });
}
Exchange::Exchange(Exchange&&) noexcept = default;
Exchange& Exchange::operator=(Exchange&&) noexcept = default;
Exchange::~Exchange() = default;

Exchange::Need Exchange::need() const noexcept {
  return state_ ? state_->need : Need::response;
}

const Query& Exchange::query() const noexcept {
  static const Query nothing{};
  return need() == Need::facts ? state_->operation->query() : nothing;
}

Facts& Exchange::facts() noexcept {
  return state_->operation->facts();
}

void Exchange::provide(Result<void> fetched) noexcept {
  if (need() != Need::facts) return;
  state_->operation->provide(fetched);
  guarded(state_->need, state_->response, [&] { state_->go_on(); });
}

const ChangeSet& Exchange::changes() const noexcept {
  return state_->operation->changes();
}

void Exchange::committed(Result<void> done) noexcept {
  if (need() != Need::commit) return;
  state_->operation->committed(done);
  guarded(state_->need, state_->response, [&] { state_->go_on(); });
}

const RecordsQuery& Exchange::records_query() const noexcept {
  static const RecordsQuery nothing{};
  return state_ ? state_->wanted : nothing;
}

void Exchange::provide_records(Records records) noexcept {
  if (need() != Need::records) return;
  state_->records = std::move(records);
  guarded(state_->need, state_->response, [&] { state_->respond(); });
}

Response Exchange::response() noexcept {
  return state_ && state_->need == Need::response ? std::move(state_->response) : Response();
}

}  // namespace http
}  // namespace roster::inline ROSTER_ABI
