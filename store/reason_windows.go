package store

import "syscall"

// diskFull is ERROR_DISK_FULL, which the syscall package does not name.
const diskFull = syscall.Errno(112)
