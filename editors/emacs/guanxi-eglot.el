;;; guanxi-eglot.el --- The guanxi server through eglot -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Eglot 1.9 of Emacs 28 and those that come with Emacs 29 and 30 differ in how a command is run; both are served here.  A vault has one
;; server, however its files come to be open.

;;; Code:

(require 'guanxi)
(eval-and-compile (require 'eglot nil t))

(defvar eglot-server-programs)
(defvar eglot--cached-server)
(defvar eglot--managed-mode)
(declare-function eglot-current-server "eglot" ())
(declare-function eglot-completion-at-point "eglot" ())
(declare-function eglot--connect "eglot" (&rest contact))
(declare-function eglot--current-project "eglot" ())
(declare-function eglot--CompletionParams "eglot" ())
(declare-function eglot--lsp-position-to-point "eglot" (position &optional marker))
(declare-function jsonrpc-request "jsonrpc" (connection method params &rest rest))
(declare-function eglot--guess-contact "eglot" (&optional interactive))
(declare-function eglot--managed-buffers "eglot" (server))
(declare-function eglot--maybe-activate-editing-mode "eglot" ())
(declare-function eglot--project "eglot" (server))
(declare-function eglot--signal-textDocument/didClose "eglot" ())
(declare-function eglot--TextDocumentPositionParams "eglot" ())
(declare-function eglot--signal-textDocument/didChange "eglot" ())
(declare-function jsonrpc-async-request "jsonrpc" (connection method params &rest rest))
(declare-function jsonrpc-running-p "jsonrpc" (connection))
(declare-function guanxi-command-chosen "guanxi-beside" (name argument))

(defclass guanxi-eglot-server (eglot-lsp-server) ()
  :documentation "A guanxi server, as eglot knows it.")

(defvar guanxi-eglot--last nil
  "The server that was spoken with last.")

;;; One server for a vault

;; `eglot-ensure' starts a server whenever the buffer is not served by the time a command ends.  It trusts that eglot's own hook has
;; taken in whatever belongs to a running server, but that hook may run before `guanxi-mode' has said to which vault a file belongs.

(defvar guanxi-eglot--started nil
  "The servers that were started, also those that have not answered yet.")

(defun guanxi-eglot--note (server)
  "Remember that SERVER was started."
  (setq guanxi-eglot--started (seq-filter #'jsonrpc-running-p guanxi-eglot--started))
  (when (cl-typep server 'guanxi-eglot-server)
    (push server guanxi-eglot--started)))

(add-hook 'eglot-server-initialized-hook #'guanxi-eglot--note)

(defun guanxi-eglot--starting-p ()
  "Whether this buffer's server is on its way."
  (let ((project (eglot--current-project)))
    (seq-some (lambda (server) (and (jsonrpc-running-p server) (equal (eglot--project server) project))) guanxi-eglot--started)))

(defun guanxi-eglot-start ()
  "Have eglot serve this buffer, through the server of its vault."
  (setq-local eglot-server-programs
              (cons (cons guanxi-modes (cons 'guanxi-eglot-server guanxi-server-command)) eglot-server-programs))
  (if (eglot-current-server)
      (eglot--maybe-activate-editing-mode)
    (add-hook 'post-command-hook #'guanxi-eglot--serve 'append t)))

(defun guanxi-eglot--serve ()
  "Start this buffer's server, unless one has come meanwhile.
The server takes in all files of its vault once it answers."
  (remove-hook 'post-command-hook #'guanxi-eglot--serve t)
  (cond ((eglot-current-server) (eglot--maybe-activate-editing-mode))
        ((not (guanxi-eglot--starting-p)) (apply #'eglot--connect (eglot--guess-contact)))))

(cl-defmethod eglot-handle-request :around ((server guanxi-eglot-server) _method &rest _)
  "Handle a request of SERVER from a buffer that it serves.
Eglot binds its server for every buffer meanwhile.  A file that an
edit opens would be taken in before it has its major mode, and
again when it has."
  (let ((bound (default-value 'eglot--cached-server)))
    (unwind-protect
        (with-current-buffer (or (seq-find #'buffer-live-p (eglot--managed-buffers server)) (current-buffer))
          (setq-default eglot--cached-server nil)
          (cl-call-next-method))
      (setq-default eglot--cached-server bound))))

(defun guanxi-eglot--leave ()
  "Tell the server that this buffer is closed: another major mode is coming.
Eglot forgets to, and opens it again in the new mode."
  (unless (bound-and-true-p revert-buffer-in-progress-p)
    (eglot--signal-textDocument/didClose)))

(defun guanxi-eglot--managed ()
  "Set up a buffer that eglot takes in.
It is closed before it is opened again, and completion replaces
what the server says."
  (if (and eglot--managed-mode (cl-typep (eglot-current-server) 'guanxi-eglot-server))
      (progn
        (add-hook 'change-major-mode-hook #'guanxi-eglot--leave -90 t)
        (add-hook 'completion-at-point-functions #'guanxi-eglot-completion-at-point -10 t))
    (remove-hook 'change-major-mode-hook #'guanxi-eglot--leave t)
    (remove-hook 'completion-at-point-functions #'guanxi-eglot-completion-at-point t)))

(add-hook 'eglot-managed-mode-hook #'guanxi-eglot--managed)

;;; Completion

;; Eglot takes the symbol around point for what is completed, whatever the server says, and counts from its ends what is to be replaced.
;; Up to 1.17 it so loses what stands after point where the completion is shorter than what was typed (`tongx' and 老同学), and eglot 1.9
;; also where point is not at the end of a symbol; and it finds nothing where a symbol is only a part: after `#', in `tag:le', in `Ada Th'.

(defun guanxi-eglot--completion-start ()
  "Where the text begins that the server completes at point."
  ;; What was typed a moment ago waits for idle time.
  (eglot--signal-textDocument/didChange)
  (let* ((answer (jsonrpc-request (eglot-current-server) :textDocument/completion (eglot--CompletionParams)
                                  :cancel-on-input t))
         (items (cond ((vectorp answer) answer)
                      ((consp answer) (plist-get answer :items))))
         (range (and (not (seq-empty-p items)) (plist-get (plist-get (seq-first items) :textEdit) :range))))
    (when range
      (eglot--lsp-position-to-point (plist-get range :start)))))

(defun guanxi-eglot-completion-at-point ()
  "Complete at point, replacing what the server wants to replace."
  (when-let* ((start (guanxi-eglot--completion-start)))
    (let* ((typed (buffer-substring start (point)))
           (from (copy-marker start))
           ;; Here all that was typed is one symbol, which ends at point.
           (found (save-restriction
                    (narrow-to-region start (point))
                    (with-syntax-table (make-char-table 'syntax-table (string-to-syntax "_"))
                      (eglot-completion-at-point))))
           (exit (plist-get (nthcdr 3 found) :exit-function)))
      (append (seq-take found 3)
              (list :exit-function
                    (lambda (chosen status)
                      ;; `exact' means that others fit too: nothing is chosen yet, and eglot would edit all the same.
                      (when (eq status 'finished)
                        (funcall exit (guanxi-eglot--taken-back from typed chosen (nth 2 found)) status))))
              (nthcdr 3 found)))))

(defun guanxi-eglot--taken-back (from typed chosen table)
  "Put back TYPED at FROM, where CHOSEN of TABLE stands now.
Answer what eglot is to take for the completion.  It removes as
much before point as that is longer than TYPED, so it is never
shorter, and so much is put there."
  (with-current-buffer (if (minibufferp) (window-buffer (minibuffer-selected-window)) (current-buffer))
    ;; What comes from the list of completions has lost its item.
    (let* ((known (if (get-text-property 0 'eglot--lsp-item chosen)
                      chosen
                    (or (seq-find (lambda (one) (string= one chosen)) (all-completions "" table)) chosen)))
           (long-enough (concat known (make-string (max 0 (- (length typed) (length known))) ?\s))))
      (delete-region from (point))
      (insert typed (make-string (- (length long-enough) (length typed)) ?\s))
      long-enough)))

;;; Asking it

(defun guanxi-eglot-connection ()
  "What this buffer speaks with the server through."
  (let ((server (eglot-current-server)))
    (when (cl-typep server 'guanxi-eglot-server)
      (setq guanxi-eglot--last server)))
  (when-let* ((server guanxi-eglot--last)
              ((jsonrpc-running-p server)))
    (lambda (command argument)
      (guanxi-eglot--tell server)
      (if (eq command 'hover)
          (plist-get (plist-get (guanxi-eglot--ask server :textDocument/hover (eglot--TextDocumentPositionParams)) :contents)
                     :value)
        (guanxi-eglot--ask server :workspace/executeCommand
                           (list :command command :arguments (vector (or argument (make-hash-table)))))))))

(defun guanxi-eglot--tell (server)
  "Tell SERVER what was typed a moment ago: eglot waits for idle time."
  (dolist (buffer (buffer-list))
    (with-current-buffer buffer
      (when (and (bound-and-true-p eglot--managed-mode) (eq (eglot-current-server) server))
        (eglot--signal-textDocument/didChange)))))

(defun guanxi-eglot--ask (server method parameters)
  "Ask SERVER for METHOD with PARAMETERS, and wait for the answer."
  ;; Not `jsonrpc-request': it jumps out of the middle of what has come, and Emacs 28 leaves the edit behind the answer there.
  (let (came answer fault)
    (jsonrpc-async-request server method parameters
                           :success-fn (lambda (result) (setq came t answer result))
                           :error-fn (lambda (told) (setq came t fault told))
                           :timeout 30
                           :timeout-fn (lambda () (setq came t fault '(:message "The server has not answered"))))
    (while (not came)
      (accept-process-output nil 0.05))
    (when fault
      ;; The server's words are for a person.
      (user-error "%s" (or (plist-get fault :message) fault)))
    answer))

(cl-defmethod eglot-handle-request ((_server guanxi-eglot-server) (_method (eql 'workspace/applyEdit)) &key &allow-other-keys)
  "Make an edit of the server, and note whether it was made."
  (let (made)
    (unwind-protect
        ;; Who gave the command is asked only about files that are not open: later eglots do so anyway.
        (cl-progv (and guanxi--waiting
                       (not (boundp 'eglot-confirm-server-edits))
                       '(eglot-confirm-server-initiated-edits))
            '(nil)
          (prog1 (cl-call-next-method) (setq made t)))
      (guanxi--edit-answered made))))

(with-suppressed-warnings ((obsolete eglot-execute-command))
  (cl-defmethod eglot-execute-command ((_server guanxi-eglot-server) command arguments)
    "Do what was chosen, COMMAND with ARGUMENTS: before Emacs 30."
    (guanxi-command-chosen (format "%s" command) (seq-first arguments))))

(cl-defmethod eglot-execute ((_server guanxi-eglot-server) action)
  "Do what was chosen, the ACTION: Emacs 30."
  (if (stringp (plist-get action :command))
      (guanxi-command-chosen (plist-get action :command) (seq-first (plist-get action :arguments)))
    (cl-call-next-method)))

(provide 'guanxi-eglot)
;;; guanxi-eglot.el ends here
