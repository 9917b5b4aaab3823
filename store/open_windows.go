package store

// notFollowed is nothing there: making a link asks for a right that users lack.
const notFollowed = 0
