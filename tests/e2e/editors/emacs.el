;;; Drives one code action and one search with eglot; EMACS_SETUP is the documented configuration. Writes what it saw.
(require 'package)
(package-initialize)
(load (getenv "EMACS_SETUP"))

(defun out (form &rest values) (princ (concat (apply #'format form values) "\n")))

(setq eglot-sync-connect 60 eglot-connect-timeout 60 eglot-autoshutdown nil
      eglot-confirm-server-initiated-edits nil jsonrpc-default-request-timeout 60)
(find-file "shop/orders.py")
(apply #'eglot (eglot--guess-contact))

(let ((server (eglot-current-server)) (end (+ (float-time) 120)))
  (while (let ((status (jsonrpc-request server :workspace/executeCommand '(:command "codekin.status"))))
           (and (< (float-time) end)
                (or (= 0 (plist-get status :units)) (< 0 (plist-get status :vectors_missing)))))
    (accept-process-output nil 0.1))
  (goto-char (point-min))
  (search-forward "total +=")
  (cl-letf (((symbol-function 'completing-read)
             (lambda (_prompt choices &rest _) (out "action: %s" (caar choices)) (caar choices)))
            ((symbol-function 'y-or-n-p) (lambda (&rest _) t))
            (last-nonmenu-event t)) ; chosen by keyboard, not from a menu
    (eglot-code-actions (point) (point) nil t))
  (save-some-buffers t)
  (codekin-search "read the lines of a text file")
  (with-current-buffer "*codekin*"
    (out "found: %s" (string-trim (buffer-substring-no-properties (point-min) (point-max)))))
  (eglot-shutdown server))
(out "done")
