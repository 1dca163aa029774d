#pragma once
/// The tables of definitions and history: a file for each, with its SQL in sql/statements/store.
///
/// Promises
/// - Nobody else writes these tables.
/// - Every function runs in the caller's transaction: what it wrote is there when, and only when, that commits.
#include "pg/pg.h"
#include "store/executions.h"
#include "store/flows.h"
#include "store/logs.h"
#include "store/task_runs.h"
