;;; completion.el --- Completion at point, place by place, in batch Emacs -*- lexical-binding: t; -*-

;;; Commentary:

;; emacs --batch -f package-initialize -L editors/emacs -l completion.el, in a copy of the sample vault.  Each entry is typed into a
;; contact, completed with `completion-at-point', and where several fit one is chosen from *Completions*, as a person does.

;;; Code:

(require 'cl-lib)
(require 'subr-x)
(setq load-prefer-newer t
      make-backup-files nil
      create-lockfiles nil
      native-comp-deferred-compilation nil
      last-nonmenu-event ?x
      eglot-sync-connect 30)
(require 'guanxi)
(global-guanxi-mode 1)

(defun type (text)
  "Write TEXT into this buffer; ‸ is where the cursor is."
  (erase-buffer)
  (insert text)
  (goto-char (point-min))
  (search-forward "‸")
  (delete-char -1)
  (eglot--signal-textDocument/didChange))

(defun complete (wanted)
  "Complete what stands before point, to WANTED where there is a choice."
  (when (get-buffer "*Completions*") (kill-buffer "*Completions*"))
  (let ((before (buffer-string)))
    (completion-at-point)
    ;; A tag that could be new as it stands: asked again, Emacs lists the others.
    (when (and (equal before (buffer-string)) (not (get-buffer "*Completions*")))
      (let ((last-command this-command)) (completion-at-point))))
  (when-let* ((list (get-buffer "*Completions*")))
    (with-selected-window (or (get-buffer-window list) (display-buffer list))
      (goto-char (point-min))
      (let (case-fold-search)
        (or (re-search-forward (concat "^" (regexp-quote wanted)) nil t)
            (error "%s is not in %s" wanted (buffer-string))))
      (goto-char (match-beginning 0))
      (choose-completion))))

(defconst places
  '(;; Where nothing stands yet.
    ("tags: [‸]" "boston" "tags: [boston]")
    ("tags: [lead, ‸]" "boston" "tags: [lead, boston]")
    ("tags: [lead,‸]" "boston" "tags: [lead, boston]")
    ("tags: ‸" "boston" "tags: [boston]")
    ("tags:\n  - lead\n  - ‸" "boston" "tags:\n  - lead\n  - boston")
    ("distinct: [\"[[‸\"]" "Li Na" "distinct: [\"[[Li Na]]\"]")
    ("‸" "birthday" "birthday: ")
    ("---\nsee [[‸" "Li Na" "---\nsee [[Li Na]]")
    ("---\nsee [[‸]]" "Li Na" "---\nsee [[Li Na]]")
    ("---\nsee #‸ there" "#boston" "---\nsee #boston there")
    ;; Before what stands already: it stays.
    ("tags: [‸lead]" "boston" "tags: [boston, lead]")
    ("tags: [‸, lead]" "boston" "tags: [boston, lead]")
    ("tags: [new-york, ‸lead]" "boston" "tags: [new-york, boston, lead]")
    ("---\nsee [[‸Wang" "Li Na" "---\nsee [[Li Na]]Wang")
    ;; In the middle of a word.
    ("tags: [le‸ad]" "installer" "tags: [installer]")
    ("---\nsee [[Li‸ang]] there" "Li Na" "---\nsee [[Li Na]] there")
    ;; What is longer than its completion.
    ("tags: [tongx‸]" "老同学" "tags: [老同学]")
    ("tags: [tongxue‸, lead]" "老同学" "tags: [老同学, lead]")
    ("---\nsee [[shanxiaom‸ and" "单晓明" "---\nsee [[单晓明]] and")
    ;; What is no symbol for Emacs.
    ("tags: [trade pr‸]" "trade press" "tags: [trade press]")
    ("tags: [\"le‸\"]" "lead" "tags: [\"lead\"]")
    ("tags: [#le‸]" "lead" "tags: [lead]")
    ("---\nsee #bost‸ there" "#boston" "---\nsee #boston there")
    ("---\nsee [[Ada Th‸" "Ada Thornquist" "---\nsee [[Ada Thornquist]]")
    ("---\n```guanxi\n#lead tag:bost‸\n```" "tag:boston" "---\n```guanxi\n#lead tag:boston\n```")
    ("---\n```guanxi\n#lead -#bost‸\n```" "#boston" "---\n```guanxi\n#lead -#boston\n```"))
  "What is typed below an alias, what is chosen, and what is written then.")

(condition-case told
    (progn
      (find-file "contacts/clients/kittykat123.md")
      (run-hooks 'post-command-hook)
      (let ((patience (+ (float-time) 30)))
        (while (not (and (eglot-managed-p) (eglot-current-server)))
          (when (> (float-time) patience) (error "No server"))
          (accept-process-output nil 0.02)))
      (pcase-dolist (`(,typed ,wanted ,written) places)
        (let ((head "---\nalias: Somebody Else\n"))
          (type (concat head typed "\n"))
          (complete wanted)
          (let ((seen (string-remove-prefix head (buffer-substring-no-properties (point-min) (point-max)))))
            (unless (equal seen (concat written "\n"))
              (princ (format "FAILED %S: %S, not %S\n" typed seen written))
              (kill-emacs 1))
            (princ (format "ok %S\n" written)))))
      (set-buffer-modified-p nil)
      (eglot-shutdown-all)
      (princ (format "the end, with Emacs %s\n" emacs-version)))
  (error (princ (format "FAILED %S\n" told)) (kill-emacs 1)))

;;; completion.el ends here
