;;; guanxi-eglot.el --- The guanxi server through eglot -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Eglot 1.9 of Emacs 28 and those that come with Emacs 29 and 30 differ in how a command is run; both are served here.

;;; Code:

(require 'guanxi)
(eval-and-compile (require 'eglot nil t))

(defvar eglot-server-programs)
(defvar eglot--managed-mode)
(declare-function eglot-current-server "eglot" ())
(declare-function eglot-ensure "eglot" ())
(declare-function eglot--TextDocumentPositionParams "eglot" ())
(declare-function eglot--signal-textDocument/didChange "eglot" ())
(declare-function jsonrpc-async-request "jsonrpc" (connection method params &rest rest))
(declare-function jsonrpc-running-p "jsonrpc" (connection))
(declare-function guanxi-command-chosen "guanxi-commands" (name argument))

(defclass guanxi-eglot-server (eglot-lsp-server) ()
  :documentation "A guanxi server, as eglot knows it.")

(defvar guanxi-eglot--last nil
  "The server that was spoken with last.")

(defun guanxi-eglot-start ()
  "Have eglot serve this buffer."
  (setq-local eglot-server-programs
              (cons (cons guanxi-modes (cons 'guanxi-eglot-server guanxi-server-command)) eglot-server-programs))
  (unless (bound-and-true-p eglot--managed-mode)
    (eglot-ensure)))

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
