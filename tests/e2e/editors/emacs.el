;;; Drives a code action and every command; EMACS_SETUP is the documented configuration. Writes what it saw, a line each.
(require 'package)
(package-initialize)
(load (getenv "EMACS_SETUP"))

(defun out (form &rest values) (princ (concat (apply #'format form values) "\n")))

(defun to (text)
  (goto-char (point-min))
  (search-forward text))

(defun text-of (buffer)
  (with-current-buffer buffer (buffer-substring-no-properties (point-min) (point-max))))

(defun lines-of (buffer)
  "The lines with a place in them."
  (seq-filter (lambda (line) (string-match-p "\\.py:[0-9]+: " line)) (split-string (text-of buffer) "\n")))

(defmacro saying (&rest forms)
  "The last message of FORMS."
  `(let (said)
     (cl-letf (((symbol-function 'message) (lambda (form &rest values) (setq said (apply #'format form values)))))
       ,@forms)
     said))

(defmacro choosing-first (word &rest forms)
  `(cl-letf (((symbol-function 'completing-read)
              (lambda (_prompt choices &rest _) (out "%s: %s" ,word (caar choices)) (caar choices)))
             ((symbol-function 'y-or-n-p) (lambda (&rest _) t))
             (last-nonmenu-event t)) ; chosen by keyboard, not from a menu
     ,@forms))

(setq eglot-sync-connect 60 eglot-connect-timeout 60 eglot-autoshutdown nil
      eglot-confirm-server-initiated-edits nil jsonrpc-default-request-timeout 60)
(find-file "shop/orders.py")
(apply #'eglot (eglot--guess-contact))

(let ((server (eglot-current-server)) (orders (current-buffer)) (end (+ (float-time) 120)))
  (while (let ((status (jsonrpc-request server :workspace/executeCommand '(:command "codekin.status"))))
           (and (< (float-time) end)
                (or (= 0 (plist-get status :units)) (< 0 (plist-get status :vectors_missing)))))
    (accept-process-output nil 0.1))

  (codekin-duplicates)
  (let ((lines (lines-of "*codekin*")))
    (out "duplicates: %d lines, %s" (length lines) (car lines)))

  (to "total +=")
  (choosing-first "action" (eglot-code-actions (point) (point) nil t))
  (save-some-buffers t)

  (to "line.rstrip")
  (choosing-first "name" (codekin-names))
  (save-some-buffers t)

  (codekin-search "read the lines of a text file")
  (out "search: %s" (car (lines-of "*codekin*")))
  (to "total +=")
  (codekin-similar)
  (out "similar: %d" (length (lines-of "*codekin*")))

  (to "for price")
  (out "told: %s" (saying (codekin-explain)))
  (let ((marks (seq-filter (lambda (each) (overlay-get each 'codekin)) (overlays-in (point-min) (point-max)))))
    (out "marks: %s" (sort (seq-uniq (mapcar (lambda (each) (symbol-name (overlay-get each 'face))) marks)) #'string<)))
  (insert " ")
  (out "cleared: %d" (seq-count (lambda (each) (overlay-get each 'codekin)) (overlays-in (point-min) (point-max))))
  (delete-char -1)
  (set-buffer-modified-p nil)

  (out "status: %s" (saying (codekin-status)))
  (eglot-shutdown server))
(out "done")
