// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/json.hpp"

#include "report/text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace pysup::report {

namespace {

using Json = nlohmann::ordered_json;

constexpr int schema = 1;

Json begin() {
  Json document;
  document["schema"] = schema;
  return document;
}

std::string finish(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string version_or_nothing(Version version) {
  return version == Version{} ? "" : version.text();
}

Json to_json(const pass::VersionReport& one) {
  return Json{{"version", one.version.text()},
              {"linked", one.linked},
              {"compiled", one.compiled},
              {"restamped", one.restamped},
              {"removed", one.removed},
              {"up_to_date", one.up_to_date},
              {"failed", one.failed},
              {"deferred", one.deferred},
              {"seconds", static_cast<double>(one.milliseconds) / 1000.0},
              {"workers_started", one.workers_started},
              {"confinement", one.confinement}};
}

Json to_json(const pass::Failure& failure) {
  return Json{{"version", version_or_nothing(failure.version)},
              {"path", printable(failure.path)},
              {"source", printable(failure.source)},
              {"reference", printable(failure.reference)},
              {"error", printable(failure.error, true)},
              {"before", failure.before}};
}

Json to_json(const pass::PlannedAction& action) {
  return Json{{"action", plan::to_text(action.what)},
              {"version", version_or_nothing(action.version)},
              {"path", printable(action.path)},
              {"target", printable(action.target, true)},
              {"note", printable(action.note)}};
}

Json to_json(const pass::Finding& finding) {
  return Json{{"defect", pass::to_text(finding.defect)},
              {"version", version_or_nothing(finding.version)},
              {"path", printable(finding.path)},
              {"detail", printable(finding.detail)}};
}

Json to_json(const std::string& text) {
  return printable(text);
}

template <typename T>
Json array(const std::vector<T>& items) {
  Json list = Json::array();
  for (const T& item : items) {
    list.push_back(to_json(item));
  }
  return list;
}

Json error_of(const std::optional<Error>& fatal) {
  return fatal ? Json(printable(fatal->message)) : Json(nullptr);
}

} // namespace

std::string json(const pass::Outcome& outcome) {
  Json document = begin();
  document["interpreters"] = array(outcome.versions);
  document["changed"] = Json::array();
  for (const pass::ChangedReference& reference : outcome.changed) {
    document["changed"].push_back(Json{{"reference", printable(reference.name)},
                                       {"package", reference.package},
                                       {"package_version", reference.version},
                                       {"gone", reference.gone}});
  }
  document["conflicts"] = Json::array();
  for (const plan::Conflict& conflict : outcome.conflicts) {
    document["conflicts"].push_back(Json{{"version", conflict.version.text()},
                                         {"path", printable(conflict.relative)},
                                         {"winner", printable(conflict.winner)},
                                         {"loser", printable(conflict.loser)}});
  }
  document["failures"] = array(outcome.failures);
  document["warnings"] = array(outcome.warnings);
  document["plan"] = array(outcome.planned);
  document["deferred"] =
      std::any_of(outcome.versions.begin(), outcome.versions.end(),
                  [](const pass::VersionReport& one) { return one.deferred > 0; });
  document["interrupted"] = outcome.interrupted;
  document["error"] = error_of(outcome.fatal);
  document["exit"] = outcome.exit_status();
  return finish(document);
}

std::string json(const pass::Status& status) {
  Json document = begin();
  document["interpreters"] = Json::array();
  for (const pass::VersionStatus& one : status.versions) {
    document["interpreters"].push_back(
        Json{{"version", one.version.text()},
             {"path", one.path},
             {"default", one.is_default},
             {"usable", one.usable},
             {"cache_tag", one.cache_tag},
             {"magic", one.magic},
             {"modules", one.modules},
             {"fresh", one.fresh},
             {"stale", one.stale},
             {"failed", one.failed},
             {"bytes", one.bytes},
             {"last_pass", one.last_pass},
             {"last_pass_seconds", static_cast<double>(one.last_pass_msec) / 1000.0},
             {"confinement", one.confinement}});
  }
  document["references"] = status.references;
  document["unfinished"] = status.unfinished;
  document["warnings"] = array(status.warnings);
  return finish(document);
}

std::string json(const pass::CheckReport& report) {
  Json document = begin();
  document["checked"] = report.checked;
  document["findings"] = array(report.findings);
  document["repaired"] = array(report.repaired);
  document["failures"] = array(report.failures);
  document["warnings"] = array(report.warnings);
  document["error"] = error_of(report.fatal);
  document["exit"] = report.exit_status();
  return finish(document);
}

} // namespace pysup::report
