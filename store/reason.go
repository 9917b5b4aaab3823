package store

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// Reason says in French why the file system refused, without the path, which
// its reader has just been told; another error's text stays as it is.
func Reason(err error) string {
	var path *fs.PathError
	var link *os.LinkError
	if errors.As(err, &path) {
		err = path.Err
	} else if errors.As(err, &link) {
		err = link.Err
	}
	for _, r := range []struct {
		is   error
		text string
	}{
		{fs.ErrPermission, "les droits manquent"},
		{fs.ErrNotExist, "fichier ou dossier introuvable"},
		{syscall.EROFS, "le disque est en lecture seule"},
		{syscall.ENOSPC, "le disque est plein"},
		{diskFull, "le disque est plein"},
		{syscall.EFBIG, "la taille permise est dépassée"},
		{syscall.ENOTDIR, "un dossier du chemin est un fichier"},
		{syscall.EISDIR, "c’est un dossier"},
	} {
		if errors.Is(err, r.is) {
			return r.text
		}
	}
	return err.Error()
}
