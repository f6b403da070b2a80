;;; guanxi-lsp.el --- The guanxi server through lsp-mode -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; A client of lsp-mode that is for files of a vault, and for no other Markdown.

;;; Code:

(require 'guanxi)
(eval-and-compile (require 'lsp-mode nil t))

(declare-function lsp-deferred "lsp-mode" ())
(declare-function lsp-register-client "lsp-mode" (client))
(declare-function lsp-request-async "lsp-mode" (method params callback &rest rest))
(declare-function lsp-stdio-connection "lsp-mode" (command &optional test))
(declare-function lsp-workspace-folders-add "lsp-mode" (folder))
(declare-function lsp-workspaces "lsp-mode" ())
(declare-function lsp--text-document-position-params "lsp-mode" ())
(declare-function lsp--apply-workspace-edit "lsp-mode" (edit &optional operation))
(declare-function make-lsp-client "lsp-mode" (&rest slots))
(declare-function guanxi-command-chosen "guanxi-beside" (name argument))

(defvar guanxi-lsp--last nil
  "The buffer that a server was spoken with from last.")

(defun guanxi-lsp-start ()
  "Have lsp-mode serve this buffer."
  ;; The vault says where it begins: nobody needs to be asked.
  (lsp-workspace-folders-add (directory-file-name (guanxi-root)))
  (lsp-deferred))

(defun guanxi-lsp-connection ()
  "What this buffer speaks with the server through."
  (when (and (guanxi-file-p buffer-file-name major-mode) (lsp-workspaces))
    (setq guanxi-lsp--last (current-buffer)))
  (when-let* ((buffer guanxi-lsp--last)
              ((buffer-live-p buffer))
              ((with-current-buffer buffer (lsp-workspaces))))
    (lambda (command argument)
      (if (eq command 'hover)
          (plist-get (plist-get (guanxi-lsp--ask "textDocument/hover" (lsp--text-document-position-params)) :contents)
                     :value)
        (guanxi-lsp--call buffer command argument)))))

(defun guanxi-lsp--ask (method parameters)
  "Ask for METHOD with PARAMETERS, and wait for the answer."
  ;; Not `lsp-request': it jumps out of the middle of what has come, and the edit behind the answer would be lost.
  (let ((patience (+ (float-time) 30)) came answer fault)
    (lsp-request-async method parameters
                       (lambda (result) (setq came t answer (guanxi-lsp--plain result)))
                       :error-handler (lambda (told) (setq came t fault (guanxi-lsp--plain told)))
                       :mode 'detached)
    (while (and (not came) (< (float-time) patience))
      (accept-process-output nil 0.05))
    (cond ((not came) (user-error "The server has not answered"))
          ;; Its words are for a person.
          (fault (user-error "%s" (or (plist-get fault :message) fault)))
          (t answer))))

(defun guanxi-lsp--call (buffer command argument)
  "From BUFFER, have the server run COMMAND with ARGUMENT."
  (with-current-buffer buffer
    (guanxi-lsp--ask "workspace/executeCommand"
                     (list :command command :arguments (vector (or argument (make-hash-table)))))))

(defun guanxi-lsp--plain (value)
  "VALUE with property lists for objects, whatever lsp-mode was built with."
  (cond ((hash-table-p value)
         (let (plain)
           (maphash (lambda (key value)
                      (setq plain (cons (guanxi-lsp--plain value) (cons (intern (format ":%s" key)) plain))))
                    value)
           (nreverse plain)))
        ((vectorp value) (cl-map 'vector #'guanxi-lsp--plain value))
        ((and (consp value) (keywordp (car value)))
         (cl-loop for (key value) on value by #'cddr append (list key (guanxi-lsp--plain value))))
        ((consp value) (mapcar #'guanxi-lsp--plain value))
        (t value)))

(defun guanxi-lsp--apply (_workspace parameters)
  "Make the edit that PARAMETERS of the server name, and say whether it was made."
  (let* ((edit (if (hash-table-p parameters) (gethash "edit" parameters) (plist-get parameters :edit)))
         (made (condition-case fault
                   (progn (lsp--apply-workspace-edit edit 'server-requested) t)
                 (error (message "guanxi: %s" (error-message-string fault)) nil))))
    ;; It fills a new buffer, then creates an empty file below it: no other program has been there.
    (seq-do (lambda (change)
              (when-let* (((equal (plist-get change :kind) "create"))
                          (buffer (find-buffer-visiting (guanxi-path (plist-get change :uri)))))
                (with-current-buffer buffer
                  (set-visited-file-modtime))))
            (plist-get (guanxi-lsp--plain edit) :documentChanges))
    (guanxi--edit-answered made)
    (list :applied (or made :json-false))))

(defun guanxi-lsp--chosen (action)
  "Do what was chosen, the ACTION of a lens or of a code action."
  (let ((action (guanxi-lsp--plain action)))
    (guanxi-command-chosen (plist-get action :command) (seq-first (plist-get action :arguments)))))

(defun guanxi-lsp--table (&rest pairs)
  "A table of PAIRS, keys and values in turn."
  (let ((table (make-hash-table :test #'equal)))
    (cl-loop for (key value) on pairs by #'cddr do (puthash key value table))
    table))

(when (fboundp 'make-lsp-client)
  (lsp-register-client
   (make-lsp-client
    :new-connection (lsp-stdio-connection (lambda () guanxi-server-command))
    :activation-fn #'guanxi-file-p
    :language-id (lambda (_buffer) "markdown")
    :priority 1
    :server-id 'guanxi
    :request-handlers (guanxi-lsp--table "workspace/applyEdit" #'guanxi-lsp--apply)
    :action-handlers (guanxi-lsp--table "guanxi.broadcast.preview" #'guanxi-lsp--chosen
                                        "guanxi.broadcast.list" #'guanxi-lsp--chosen
                                        "guanxi.list" #'guanxi-lsp--chosen
                                        "guanxi.show" #'guanxi-lsp--chosen))))

(provide 'guanxi-lsp)
;;; guanxi-lsp.el ends here
