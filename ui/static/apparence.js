// Before anything is painted: the appearance that the reader chose, kept by this browser alone.
try { document.documentElement.dataset.apparence = localStorage.getItem('cct-apparence') || ''; } catch (e) { /* no storage: as the system says */ }
