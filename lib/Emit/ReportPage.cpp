//===- ReportPage.cpp - the report for a browser ------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/ReportPage.h"
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/raw_ostream.h>

using namespace llvm;

static const char *const style = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>nncc report</title><style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 72em; padding: 0 1em;
       color: #1b1f24; background: #fff }
h1 { font-size: 1.5em; margin-bottom: 0 } h2 { font-size: 1.1em; margin-top: 2em }
.sub { color: #59636e; margin-top: 0 }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: right; padding: .25em .7em; border-bottom: 1px solid #d1d9e0; white-space: nowrap }
th { color: #59636e; font-weight: 600 } .text { text-align: left }
.wide { white-space: normal; word-break: break-word }
.bar { display: inline-block; height: .7em; background: #2f6feb; border-radius: 2px }
@media (prefers-color-scheme: dark) {
  body { color: #e6edf3; background: #0d1117 } th, td { border-color: #30363d } }
</style></head><body>
)";

static std::string escaped(StringRef text) {
  std::string result;
  raw_string_ostream os(result);
  printHTMLEscaped(text, os);
  return result;
}

/// "1 x 8 x 8 x 16", or nothing if the report does not say.
static std::string extents(const json::Array *array) {
  if (!array)
    return "";
  SmallVector<std::string> words;
  for (const json::Value &value : *array)
    words.push_back(std::to_string(value.getAsInteger().value_or(0)));
  return words.empty() ? "scalar" : join(words, " x ");
}

static void printTotals(raw_ostream &os, const json::Object &report) {
  auto row = [&](StringRef what, int64_t bytes, const Twine &note) {
    os << formatv("<tr><td class=\"text\">{0}</td><td>{1:N}</td>"
                  "<td class=\"text wide\">{2}</td></tr>\n",
                  what, bytes, note.str());
  };
  const json::Object &arena = *report.getObject("arena");
  const json::Object &sections = *report.getObject("sections");
  bool optimal = arena.getBoolean("proven_optimal").value_or(false);
  os << "<h2>Memory</h2>\n<table><tr><th class=\"text\">Part</th><th>Bytes</th>"
        "<th class=\"text\"></th></tr>\n";
  row("Arena", *arena.getInteger("bytes"),
      optimal ? "proven optimal for this layout" : "not proven optimal");
  row("Lower bound", *arena.getInteger("lower_bound_physical"),
      "bytes live at once in the chosen layouts");
  row("Lower bound without layouts", *arena.getInteger("lower_bound_logical"),
      "bytes live at once if tensors had neither borders nor blocks");
  row("Weights", *report.getInteger("weights_bytes"), "read-only");
  row("Code", *sections.getInteger("code"), "");
  row("Other read-only data", *sections.getInteger("read_only") -
                                  *report.getInteger("weights_bytes"), "");
  row("Writable data", *sections.getInteger("writable"), "");
  os << "</table>\n";
}

static void printLaunch(raw_ostream &os, const json::Object &launch, int64_t total) {
  std::string tile = extents(launch.getArray("register_tile"));
  int64_t iterations = launch.getInteger("iterations").value_or(0);
  double share = total ? 100.0 * iterations / total : 0;
  os << formatv(
      "<tr><td class=\"text wide\">{0}</td><td class=\"text\">{1}</td><td>{2}</td>"
      "<td>{3}</td><td>{4}</td><td>{5}</td><td>{6:N}</td><td class=\"text\">"
      "<span class=\"bar\" style=\"width:{7:F1}em\"></span> {8:F1} %</td></tr>\n",
      escaped(launch.getString("node").value_or("")),
      escaped(launch.getString("kernel").value_or("")),
      extents(launch.getArray("output")), extents(launch.getArray("loops")), tile,
      launch.getInteger("lanes").value_or(1), iterations, share / 10, share);
}

std::string nncc::emit::reportPage(const json::Object &report) {
  std::string page;
  raw_string_ostream os(page);
  const json::Array &launches = *report.getArray("launches");
  int64_t total = 0;
  for (const json::Value &launch : launches)
    total += launch.getAsObject()->getInteger("iterations").value_or(0);
  os << style
     << formatv("<h1>{0}</h1>\n<p class=\"sub\">for {1}, model hash {2}</p>\n",
                escaped(*report.getString("model")), escaped(*report.getString("target")),
                escaped(report.getString("hash").value_or("")));
  printTotals(os, report);
  os << formatv("<h2>{0} launches</h2>\n<table><tr><th class=\"text\">Node</th>"
                "<th class=\"text\">Kernel</th><th>Output</th><th>Loops</th>"
                "<th>Register tile</th><th>Lanes</th><th>Iterations</th>"
                "<th class=\"text\">Share</th></tr>\n",
                launches.size());
  for (const json::Value &launch : launches)
    printLaunch(os, *launch.getAsObject(), total);
  os << "</table>\n</body></html>\n";
  return page;
}
