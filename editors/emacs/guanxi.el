;;; guanxi.el --- A plain-text contact book and its server -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0
;; Author: The guanxi developers
;; URL: https://docs.rs/guanxi
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: comm, convenience, languages

;;; Commentary:

;; Contacts are Markdown files in a folder that holds `guanxi.yaml', a vault.  `guanxi lsp' completes, shows, renames and mends
;; them; this package starts it, through eglot or lsp-mode, in files of a vault and nowhere else, and adds what a language server
;; cannot do by itself: pickers, buffers beside the text, a menu, and the colours of queries and messages.
;;
;;   (require 'guanxi)
;;   (global-guanxi-mode 1)
;;
;; All knowledge is in the server.  What changes, changes in buffers, which you look at and save.

;;; Code:

(require 'cl-lib)
(require 'easymenu)
(require 'seq)
(require 'subr-x)
(require 'url-util)

(declare-function guanxi-eglot-connection "guanxi-eglot" ())
(declare-function guanxi-eglot-start "guanxi-eglot" ())
(declare-function guanxi-lsp-connection "guanxi-lsp" ())
(declare-function guanxi-lsp-start "guanxi-lsp" ())
(declare-function guanxi-find "guanxi-commands" (contact))
(declare-function guanxi-menu "guanxi-commands" ())

(defgroup guanxi nil
  "A plain-text contact book."
  :group 'text
  :prefix "guanxi-")

(defcustom guanxi-server-command '("guanxi" "lsp")
  "The program that is the language server, and its arguments."
  :type '(repeat string))

(defcustom guanxi-client 'auto
  "Which package speaks with the server.
With `auto' that is lsp-mode where you have loaded it, else eglot
where it is installed, else lsp-mode."
  :type '(choice (const :tag "What is there" auto) (const eglot) (const lsp-mode) (const :tag "None: I start it" nil)))

(defcustom guanxi-save 'ask
  "What happens to other buffers that a command of this package changed.
A tag that is renamed changes many files.  They stay unsaved with
nil, are saved with t, and with `ask' you are asked."
  :type '(choice (const :tag "Ask" ask) (const :tag "Save them" t) (const :tag "Leave them" nil)))

(defconst guanxi-modes '(markdown-mode gfm-mode markdown-ts-mode yaml-mode yaml-ts-mode)
  "The major modes of files in a vault.")

;;; Where a vault is

(defun guanxi-root (&optional path)
  "The vault that PATH, or this buffer, is in: a folder with `guanxi.yaml'."
  (when-let* ((path (or path buffer-file-name default-directory))
              (root (locate-dominating-file path "guanxi.yaml")))
    (file-name-as-directory (expand-file-name root))))

(defun guanxi-project (folder)
  "The vault around FOLDER as a project for eglot and nobody else.
So the server's project is the vault also where the vault is a
part of something larger under version control."
  (when-let* (((bound-and-true-p eglot-lsp-context))
              (root (guanxi-root folder)))
    (cons 'guanxi root)))

(cl-defmethod project-root ((project (head guanxi)))
  "The folder of PROJECT, which is a vault."
  (cdr project))

(defun guanxi-file-p (path mode)
  "Whether a buffer of the file PATH in MODE is one for the server."
  (and path
       (seq-some (lambda (parent) (provided-mode-derived-p mode parent)) guanxi-modes)
       ;; Other YAML in a vault is somebody else's.
       (or (not (string-prefix-p "yaml" (symbol-name mode)))
           (equal (file-name-nondirectory path) "guanxi.yaml"))
       (guanxi-root path)
       t))

;;; The server

(defvar-local guanxi--connection nil
  "The connection that a buffer of this package was filled through.")

(defvar guanxi--edits nil
  "What became of the server's edits, the last one first: t for one made.")

(defvar guanxi--waiting nil
  "Whether a command waits for an edit that a person asked for.")

(defun guanxi--edit-answered (made)
  "Note that an edit of the server was MADE, or was not."
  (push (and made t) guanxi--edits))

(defun guanxi-connection ()
  "What this buffer speaks with the server through.
It is a function that takes a command's name and its argument as a
property list, and gives the answer in the same shape.  A buffer
of somewhere else speaks with a server that runs."
  (or guanxi--connection
      (and (featurep 'guanxi-eglot) (guanxi-eglot-connection))
      (and (featurep 'guanxi-lsp) (guanxi-lsp-connection))
      (user-error "No guanxi server is running: open a file of your vault first")))

(defun guanxi-call (command &rest argument)
  "Have the server run COMMAND with the property list ARGUMENT.
Its answer is the value."
  (funcall (guanxi-connection) (concat "guanxi." command) argument))

(defun guanxi-change (command &rest argument)
  "Have the server run COMMAND with ARGUMENT, and wait for the edit.
The answer's `:changed' says whether there is one; an answer
without it always has one."
  (let* ((guanxi--waiting t)
         (before guanxi--edits)
         (answer (apply #'guanxi-call command argument))
         (changed (if (plist-member answer :changed) (plist-get answer :changed) t))
         (patience (+ (float-time) 30)))
    (when (or (eq changed t) (not (seq-empty-p changed)))
      ;; The edit may be on its way still, or wait for a yes.
      (while (and (eq guanxi--edits before) (< (float-time) patience))
        (accept-process-output nil 0.05))
      (when (eq guanxi--edits before)
        (user-error "The edit has not come; nothing was changed"))
      (unless (car guanxi--edits)
        (user-error "Nothing was changed")))
    answer))

(defun guanxi-uri (&optional path)
  "PATH, or this buffer's file, as a URI."
  (concat "file://" (url-encode-url (expand-file-name (or path buffer-file-name (user-error "This buffer has no file"))))))

(defun guanxi-path (uri)
  "The path of a file's URI."
  (decode-coding-string (url-unhex-string (string-remove-prefix "file://" uri)) 'utf-8))

(defun guanxi-save-changed (root)
  "Save the changed buffers of the vault ROOT, after `guanxi-save'."
  (when guanxi-save
    (save-some-buffers (eq guanxi-save t)
                       (lambda () (and buffer-file-name (file-in-directory-p buffer-file-name root))))))

;;; Completion: the server has chosen already

(defun guanxi--try-completion (string table predicate point)
  "What STRING of TABLE with PREDICATE completes to at POINT.
That is itself, unless only one is left."
  (let ((all (all-completions string table predicate)))
    (cond ((null all) nil)
          ((cdr all) (cons string point))
          ((equal (car all) string) t)
          ;; A copy: Emacs 28 strips what it inserts of its properties, and eglot finds the item by them.
          (t (cons (copy-sequence (car all)) (length (car all)))))))

(defun guanxi--all-completions (string table predicate _point)
  "Everything in TABLE for STRING and PREDICATE."
  (all-completions string table predicate))

;; The initials of 王小明 are no part of his name: what the server has found must not be looked through again.
(add-to-list 'completion-styles-alist
             '(guanxi guanxi--try-completion guanxi--all-completions "What the guanxi server has found."))
(add-to-list 'completion-category-defaults '(guanxi (styles . (guanxi))))

;;; Colours

(defface guanxi-tag '((t :inherit font-lock-constant-face))
  "A tag in a query.")

(defface guanxi-operator '((t :inherit font-lock-keyword-face))
  "An operator or a field in a query.")

(defface guanxi-hole '((t :inherit font-lock-variable-name-face))
  "A field that a message fills in.")

(defconst guanxi--query-part
  (concat "\\(?1:#[^][:space:]#(),|\"']+\\)"
          "\\|\\(?2:[-|()]\\|\\_<\\(?:and\\|or\\|not\\|AND\\|OR\\|NOT\\)\\_>\\|[[:alpha:]][[:alnum:]_-]*:\\)")
  "A tag, or an operator or a field, of a query.")

(defun guanxi--in-query-block-p ()
  "Whether point is in a fenced block of a query."
  (save-excursion
    (save-match-data
      (beginning-of-line)
      (and (re-search-backward "^[ \t]*\\(?:```+\\|~~~+\\)[ \t]*\\(.*?\\)[ \t]*$" nil t)
           (equal (match-string-no-properties 1) "guanxi")))))

(defun guanxi--head-end ()
  "Where the front matter ends."
  (save-excursion
    (save-match-data
      (goto-char (point-min))
      (if (and (looking-at "---[ \t]*$") (forward-line) (re-search-forward "^---[ \t]*$" nil t)) (point) (point-min)))))

(defun guanxi--in-recipients-p ()
  "Whether point is in the recipients, `to:', of the front matter."
  (save-excursion
    (save-match-data
      (and (< (point) (guanxi--head-end))
           (let ((at (point)))
             (beginning-of-line)
             (if (looking-at "to:")
                 (>= at (match-end 0))
               (while (and (looking-at "[ \t]+\\|-[ \t]") (zerop (forward-line -1))))
               (looking-at "to:")))))))

(defun guanxi--match-query (limit)
  "Search for a part of a query before LIMIT."
  (let (found)
    (while (and (not found) (re-search-forward guanxi--query-part limit t))
      (setq found (save-excursion
                    (goto-char (match-beginning 0))
                    (or (guanxi--in-recipients-p) (guanxi--in-query-block-p)))))
    found))

(defun guanxi--match-hole (limit)
  "Search before LIMIT for what a message fills in, in a broadcast."
  (and (save-excursion
         (save-match-data
           (let ((end (guanxi--head-end)))
             (goto-char (point-min))
             (re-search-forward "^to:" end t))))
       (re-search-forward "{{[^}\n]*}}\\|{%[^}\n]*%}" limit t)))

(defconst guanxi--font-lock
  '((guanxi--match-query (1 'guanxi-tag prepend t) (2 'guanxi-operator prepend t))
    (guanxi--match-hole (0 'guanxi-hole prepend)))
  "What is coloured in files of a vault.")

;;; The mode

(defvar guanxi-command-map
  (let ((map (make-sparse-keymap)))
    (pcase-dolist (`(,key . ,command)
                   '(("f" . guanxi-find) ("t" . guanxi-find-by-tag) ("T" . guanxi-tags) ("n" . guanxi-new)
                     ("a" . guanxi-tag-add) ("d" . guanxi-tag-remove) ("r" . guanxi-tag-rename)
                     ("l" . guanxi-broadcast-list) ("g" . guanxi-broadcast-refresh) ("p" . guanxi-broadcast-preview)
                     ("m" . guanxi-merge) ("c" . guanxi-card) ("," . guanxi-menu) ("?" . guanxi-menu)))
      (define-key map (kbd key) command))
    map)
  "The keys of all commands.")
(fset 'guanxi-command-map guanxi-command-map)

(defvar guanxi-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "C-c ,") 'guanxi-command-map)
    ;; What M-TAB is in text until Emacs 29.
    (define-key map [remap ispell-complete-word] #'completion-at-point)
    map)
  "The keys of `guanxi-mode'.")

(easy-menu-define guanxi-mode-menu guanxi-mode-map "Contacts."
  '("Contacts"
    ["Find Somebody…" guanxi-find]
    ["Find by Tag…" guanxi-find-by-tag]
    ["All Tags" guanxi-tags]
    ["New Contact…" guanxi-new]
    "---"
    ["Card Beside the Text" guanxi-card]
    ["Add a Tag…" guanxi-tag-add]
    ["Remove a Tag…" guanxi-tag-remove]
    ["Rename a Tag…" guanxi-tag-rename]
    ["Merge Another Contact into This One…" guanxi-merge]
    "---"
    ["Who Gets This Broadcast" guanxi-broadcast-list]
    ["Write the List of Recipients" guanxi-broadcast-refresh]
    ["Preview" guanxi-broadcast-preview]))

;;;###autoload
(define-minor-mode guanxi-mode
  "Keys, menu and colours in a file of a vault, with its server.

\\{guanxi-mode-map}"
  :lighter " 关系"
  (if (not guanxi-mode)
      (font-lock-remove-keywords nil guanxi--font-lock)
    (font-lock-add-keywords nil guanxi--font-lock 'append)
    (add-hook 'project-find-functions #'guanxi-project -50 t)
    ;; Eglot 1.9, later ones, and lsp-mode name what they complete differently.
    (dolist (category '(eglot eglot-capf lsp-capf))
      (setq-local completion-category-overrides
                  (cons `(,category (styles . (guanxi))) completion-category-overrides)))
    (guanxi--start))
  (font-lock-flush))

(defun guanxi--start ()
  "Start the server for this buffer, after `guanxi-client'."
  (pcase (cond ((not (eq guanxi-client 'auto)) guanxi-client)
               ((featurep 'lsp-mode) 'lsp-mode)
               ((locate-library "eglot") 'eglot)
               ((locate-library "lsp-mode") 'lsp-mode)
               (t (message "guanxi: install eglot or lsp-mode, and the server can be asked") nil))
    ('eglot (require 'guanxi-eglot) (guanxi-eglot-start))
    ('lsp-mode (require 'guanxi-lsp) (guanxi-lsp-start))))

(defun guanxi-mode-turn-on ()
  "Turn on `guanxi-mode' in files of a vault."
  (when (guanxi-file-p buffer-file-name major-mode)
    (guanxi-mode)))

;;;###autoload
(define-globalized-minor-mode global-guanxi-mode guanxi-mode guanxi-mode-turn-on
  :group 'guanxi)

(provide 'guanxi)

;; What the keys lead to.
(require 'guanxi-commands)

;;; guanxi.el ends here
