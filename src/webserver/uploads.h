#pragma once
#include "http/form.h"
#include "storage/layout.h"
#include "webserver/api.h"

namespace sluice::webserver {

/// Takes the files of a form into the internal storage while they arrive, below the execution that `place` names. The
/// part's value is the file's address then.
http::PartSinkFactory store_files(Api& api, std::function<storage::ExecutionPlace(const http::Request&)> place);

/// The same, for the execution that the path names.
/// Errors  of the sink: NotFound
http::PartSinkFactory store_files_of_execution(Api& api);

/// Reads past the files of a form: for checking inputs without keeping anything.
http::PartSinkFactory pass_over_files();

/// What came as inputs: a form with a part for each, or JSON, {"inputs": {…}} or the inputs themselves. The input of a
/// file part is its name; with the name "files" it is the file name.
/// Errors  Invalid: malformed JSON, an empty file; BadRequest, TooLarge: those of the form
Result<Value> inputs_of(const http::Request& request);

/// Whether a file of the request was stored.
bool has_stored_files(const http::Request& request);

}  // namespace sluice::webserver
