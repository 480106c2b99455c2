;;; codekin.el --- Search Python by meaning, find kin, name functions -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1") (eglot "1.8"))
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Tells eglot to start codekin for Python, and adds commands for what the protocol has none: search, similar functions,
;; names, explanations, duplicates, status.  With (require 'codekin) in init.el, open a Python file and M-x eglot.

;;; Code:

(require 'cl-lib)
(require 'eglot)
(require 'grep)

(defgroup codekin nil "Python by meaning." :group 'tools :prefix "codekin-")

(defcustom codekin-command '("codekin" "serve" "--stdio")
  "The program that eglot starts, and its arguments."
  :type '(repeat string))

(defcustom codekin-settings nil
  "Settings as docs/settings.md has them, a property list: (:names (:limit 3))."
  :type 'sexp)

(defface codekin-strength-1 '((((background dark)) :background "#3a3320") (t :background "#fdf3dd")) "Weak.")
(defface codekin-strength-2 '((((background dark)) :background "#55471f") (t :background "#fae5b8")) "Rather weak.")
(defface codekin-strength-3 '((((background dark)) :background "#735d1d") (t :background "#f6d58f")) "Middling.")
(defface codekin-strength-4 '((((background dark)) :background "#94751a") (t :background "#f1c263")) "Rather strong.")
(defface codekin-strength-5 '((((background dark)) :background "#b88f16") (t :background "#ebab33")) "Strong.")

(defconst codekin--strengths 5)

;;;###autoload
(defun codekin-contact (&optional _interactive)
  "The program for eglot, with `codekin-settings'."
  (append codekin-command
          (when codekin-settings (list :initializationOptions (list :settings codekin-settings)))))

;;;###autoload
(add-to-list 'eglot-server-programs '((python-mode python-ts-mode) . codekin-contact))

;;; Asking

(defun codekin--ask (command &optional question)
  "The server's answer to QUESTION, a property list, by COMMAND."
  (let ((server (or (eglot-current-server) (user-error "No codekin runs here: open a Python file and M-x eglot"))))
    (eglot--signal-textDocument/didChange)
    (jsonrpc-request server :workspace/executeCommand
                     (append (list :command command) (when question (list :arguments (vector question)))))))

(defun codekin--here ()
  "The cursor as a question about a place."
  (list :uri (eglot--path-to-uri (buffer-file-name)) :position (eglot--pos-to-lsp-position)))

(defun codekin--note (answer otherwise)
  "What ANSWER says of itself, else OTHERWISE."
  (let ((note (plist-get answer :note))) (if (stringp note) note otherwise)))

(defun codekin--percent (share) (format "%d %%" (round (* 100 share))))

;;; Showing

(defun codekin--line (place &optional text)
  "PLACE as a line of a grep buffer, with TEXT or its name."
  (format "%s:%d: %s\n" (eglot--uri-to-path (plist-get place :uri)) (plist-get place :start_line)
          (or text (plist-get place :qualified_name))))

(defun codekin--show (title lines)
  "A buffer with TITLE and LINES, each a link."
  (with-current-buffer (get-buffer-create "*codekin*")
    (let ((inhibit-read-only t))
      (erase-buffer)
      (insert title "\n\n")
      (mapc #'insert lines)
      (goto-char (point-min)))
    (grep-mode)
    (display-buffer (current-buffer))))

(defun codekin--show-results (title answer)
  "The results of ANSWER under TITLE."
  (if (equal (length (plist-get answer :results)) 0)
      (message "codekin: %s" (codekin--note answer "nothing was found"))
    (codekin--show title (mapcar #'codekin--line (plist-get answer :results)))))

;;; Commands

;;;###autoload
(defun codekin-search (words)
  "Show the code that fits WORDS, a description."
  (interactive "sSearch for: ")
  (codekin--show-results words (codekin--ask "codekin.search" (list :query words))))

;;;###autoload
(defun codekin-similar ()
  "Show functions like the one around point, or like what the region selects."
  (interactive)
  (let ((question (if (use-region-p)
                      (list :uri (eglot--path-to-uri (buffer-file-name))
                            :range (list :start (eglot--pos-to-lsp-position (region-beginning))
                                         :end (eglot--pos-to-lsp-position (region-end))))
                    (codekin--here))))
    (codekin--show-results "similar functions" (codekin--ask "codekin.similar" question))))

;;;###autoload
(defun codekin-names ()
  "Choose a better name for the function around point; its references are renamed too."
  (interactive)
  (let* ((answer (codekin--ask "codekin.suggestNames" (codekin--here)))
         (functions (plist-get answer :functions))
         (target (if (equal (length functions) 0) (user-error "There is no function here: put point into one")
                   (aref functions 0)))
         (choices (cl-loop for each across (plist-get target :suggestions)
                           unless (equal (plist-get each :name) (plist-get target :name))
                           collect (cons (format "%s (%s)" (plist-get each :name)
                                                 (codekin--percent (plist-get each :probability)))
                                         (plist-get each :name)))))
    (unless choices (user-error "No better name for %s is likely enough" (plist-get target :name)))
    (let ((chosen (completing-read (format "Name for %s: " (plist-get target :name)) choices nil t nil nil
                                   (caar choices))))
      (codekin-rename target (cdr (assoc chosen choices))))))

(defun codekin-rename (target name)
  "Rename TARGET, a function of an answer, and its references to NAME."
  (let* ((position (plist-get (plist-get target :nameRange) :start))
         (question (list :uri (plist-get target :uri) :position position :newName name))
         (answer (codekin--ask "codekin.rename" question)))
    (if (plist-get answer :edit)
        (eglot--apply-workspace-edit (plist-get answer :edit))
      (user-error "%s" (mapconcat #'identity (plist-get answer :conflicts) "; ")))))

;;;###autoload
(defun codekin-explain ()
  "Mark what of the function around point carried the suggested names, until the text changes."
  (interactive)
  (let* ((answer (codekin--ask "codekin.explain" (append (codekin--here) (list :naming t))))
         (contexts (plist-get answer :contexts)))
    (if (equal (length contexts) 0)
        (message "codekin: %s" (codekin--note answer "there is too little here to explain"))
      (codekin--mark contexts)
      (message "codekin: %s"
               (mapconcat (lambda (each) (format "%s %s" (plist-get each :name)
                                                 (codekin--percent (plist-get each :probability))))
                          (seq-take (plist-get answer :names) 3) ", ")))))

(defun codekin-clear ()
  "Clear the marks of `codekin-explain'."
  (interactive)
  (remove-overlays nil nil 'codekin t)
  (remove-hook 'after-change-functions #'codekin--changed t))

(defun codekin--changed (&rest _) (codekin-clear))

(defun codekin--mark (contexts)
  "Overlays on the ends of CONTEXTS, by the weight of what they are ends of."
  (codekin-clear)
  (let ((weights (make-hash-table :test #'equal)) (strongest 1e-9))
    (cl-loop for each across contexts do
             (dolist (range (seq-uniq (list (plist-get each :startRange) (plist-get each :endRange))))
               (cl-incf (gethash range weights 0) (plist-get each :weight))))
    (maphash (lambda (_ weight) (setq strongest (max strongest weight))) weights)
    (maphash (lambda (range weight)
               (let* ((region (eglot--range-region range))
                      (share (ceiling (* codekin--strengths (/ weight strongest))))
                      (overlay (make-overlay (car region) (cdr region))))
                 (overlay-put overlay 'codekin t)
                 (overlay-put overlay 'help-echo (codekin--percent weight))
                 (overlay-put overlay 'face
                              (intern (format "codekin-strength-%d" (max 1 (min codekin--strengths share)))))))
             weights))
  (add-hook 'after-change-functions #'codekin--changed nil t))

;;;###autoload
(defun codekin-duplicates ()
  "Show near-duplicates, largest first."
  (interactive)
  (let* ((answer (codekin--ask "codekin.duplicates" (list :limit 100)))
         (clusters (plist-get answer :clusters)))
    (if (equal (length clusters) 0)
        (message "codekin: %s" (codekin--note answer "there are no near-duplicates"))
      (codekin--show
       "near-duplicates"
       (cl-loop for cluster across clusters for index from 1 append
                (cl-loop for place across (plist-get cluster :members) collect
                         (codekin--line place (format "%d: %s, %s alike" index (plist-get place :qualified_name)
                                                      (codekin--percent (plist-get cluster :similarity))))))))))

;;;###autoload
(defun codekin-status ()
  "Say what codekin knows."
  (interactive)
  (let ((answer (codekin--ask "codekin.status")))
    (message "codekin: %s files, %s functions, classes and modules, %s still to be embedded; search: %s"
             (plist-get answer :files) (plist-get answer :units) (plist-get answer :vectors_missing)
             (plist-get answer :search))))

(provide 'codekin)
;;; codekin.el ends here
