#pragma once
#include "base/log.h"

namespace sluice {

/// Whether `journal_stream` ($JOURNAL_STREAM, "device:inode") names what this descriptor writes to. There each line
/// begins with its syslog priority, which journald takes off again, and the journal's own time stands for ours in lines
/// of text.
bool is_journal(const char* journal_stream, int descriptor);

}  // namespace sluice
