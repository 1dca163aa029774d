#pragma once
/// PostgreSQL: connections, statements, transactions, LISTEN/NOTIFY, migrations.
///
/// Promises
/// - A connection has one user at a time; LISTEN has a connection of its own.
/// - A transaction is all or nothing; whole ones are repeated, and only for the SQLSTATEs of is_transient().
/// - A connection that broke is never used again, and never revived behind our back: session state would be gone.
/// - When a process dies in the middle, the server rolls back, within seconds even when the host vanished: the
///   sessions carry keepalives and time-outs.
#include "pg/clock.h"
#include "pg/connection.h"
#include "pg/database_error.h"
#include "pg/pool.h"
#include "pg/rows.h"
#include "pg/statement.h"
