//go:build !linux

package cli

// hugePages does nothing: other systems hand out memory in larger steps, or ask
// for rights that a user does not have.
func hugePages(int) bool { return false }
