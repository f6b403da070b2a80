;;; story.el --- The story that every editor tells, in batch Emacs -*- lexical-binding: t; -*-

;;; Commentary:

;; emacs --batch -f package-initialize -L editors/emacs -l story.el, in a copy of the sample vault; CLIENT is eglot or lsp-mode.
;; It says each thing that went well, and ends at the first that did not.  tests/editors/emacs.rs looks at the disk afterwards.

;;; Code:

(require 'cl-lib)
(require 'subr-x)
(setq load-prefer-newer t
      make-backup-files nil
      create-lockfiles nil
      debug-on-error nil
      native-comp-deferred-compilation nil
      ;; Else eglot would open a menu where no mouse is.
      last-nonmenu-event ?x
      flymake-no-changes-timeout 0.1)

(defvar vault default-directory)
(defvar client (intern (getenv "CLIENT")))
(when (eq client 'lsp-mode)
  (setq lsp-enable-snippet nil
        lsp-completion-provider :none
        lsp-modeline-code-actions-enable nil
        lsp-headerline-breadcrumb-enable nil
        lsp-lens-enable t
        lsp-auto-execute-action nil
        lsp-session-file (expand-file-name "session" (getenv "HOME")))
  (require 'lsp-mode))
;; Emacs goes on while the server starts.
(setq eglot-sync-connect nil)
(require 'guanxi)
(setq guanxi-save t)
(global-guanxi-mode 1)

;;; What a person does

(defun check (what right &optional seen)
  (unless right
    (princ (format "FAILED %s: %S\n" what seen))
    (kill-emacs 1))
  (princ (format "ok %s\n" what)))

(defun wait (what right)
  "Wait until RIGHT gives something, and answer that."
  (let ((patience (+ (float-time) 30)) seen)
    (while (and (not (setq seen (funcall right))) (< (float-time) patience))
      (accept-process-output nil 0.02))
    (check what seen (buffer-substring-no-properties (point-min) (point-max)))
    seen))

(defvar questions nil "What was asked with yes and no; the answer is yes.")
(dolist (ask '(y-or-n-p yes-or-no-p))
  (advice-add ask :override (lambda (question &rest _) (push question questions) t)))

(defvar chosen nil "What is typed at the next question with a choice.")
(defvar offered nil "What stood there to choose from, with annotations.")
(defun choose (_prompt table &rest _)
  "Type the next of `chosen', and take the first that is offered."
  (let* ((typed (or (pop chosen) (error "Nobody expected to choose: %S" (all-completions "" table))))
         (metadata (completion-metadata typed table nil))
         (annotate (completion-metadata-get metadata 'annotation-function))
         (fit (let ((completion-ignore-case t)) (all-completions typed table))))
    (setq offered (mapcar (lambda (one) (concat one (and annotate (funcall annotate one)))) fit))
    (substring-no-properties (or (car fit) typed))))
(advice-add 'completing-read :override #'choose)
(advice-add 'completing-read-multiple :override (lambda (&rest _) (split-string (pop chosen) ",")))
(advice-add 'read-string :override (lambda (&rest _) (pop chosen)))

(defun text () (buffer-substring-no-properties (point-min) (point-max)))
(defun line () (buffer-substring-no-properties (line-beginning-position) (line-end-position)))
(defun beside (name) (with-current-buffer (format "*guanxi %s*" name) (text)))
(defun behind (words) (goto-char (point-min)) (search-forward words))

(defun visit (path)
  "Open PATH."
  (find-file (expand-file-name path vault))
  (run-hooks 'post-command-hook)
  (when (eq client 'lsp-mode)
    (run-hook-with-args 'window-configuration-change-hook)
    (unless (bound-and-true-p lsp-managed-mode) (lsp))))

(defun open (path)
  "Open PATH, and wait until the server knows it."
  (visit path)
  (wait (format "%s is served by %s" path client)
        (lambda () (if (eq client 'eglot)
                       (and (eglot-managed-p) (eglot-current-server))
                     (and (lsp-workspaces) (eq 'initialized (lsp--workspace-status (car (lsp-workspaces)))))))))

(defun problems ()
  "What is wrong with this file."
  (if (eq client 'eglot)
      ;; Idle time, in which these happen by themselves, does not pass in batch.
      (progn (eglot--signal-textDocument/didChange) (flymake-start) (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))
    (mapcar #'lsp:diagnostic-message (gethash (lsp--fix-path-casing buffer-file-name) (lsp-diagnostics t)))))

(defun act (title)
  "Choose the code action TITLE here."
  (if (eq client 'eglot)
      (progn (push title chosen)
             (let ((actions (eglot-code-actions (line-beginning-position) (line-end-position))))
               (check (concat title " is offered")
                      (seq-some (lambda (one) (string-prefix-p title (plist-get one :title))) actions) actions))
             (eglot-code-actions (line-beginning-position) (line-end-position) nil t))
    (let ((actions (append (lsp-code-actions-at-point) nil)))
      (check (concat title " is offered") (seq-some (lambda (one) (string-prefix-p title (lsp:code-action-title one))) actions)
             (mapcar #'lsp:code-action-title actions))
      (lsp-execute-code-action
       (seq-find (lambda (one) (string-prefix-p title (lsp:code-action-title one))) actions)))))

(defun complete (typed)
  "Type TYPED here and complete it, with TAB as far as that goes."
  (insert typed)
  (completion-at-point)
  ;; With lsp-mode nothing is finished before one asks a second time.
  (when (eq client 'lsp-mode) (completion-at-point)))

(defun pick (typed wanted)
  "Type TYPED here, and choose WANTED from the list, as a person does who sees one."
  (insert typed)
  (pcase-let* ((`(,from ,to ,table . ,more) (run-hook-with-args-until-success 'completion-at-point-functions))
               (prefix (buffer-substring from to))
               (metadata (completion-metadata prefix table nil))
               (all (completion-all-completions prefix table nil (length prefix) metadata))
               (_ (when (consp all) (setcdr (last all) nil)))
               (sorted (funcall (or (completion-metadata-get metadata 'display-sort-function) #'identity) all)))
    (check (format "%s is the first for %s" wanted typed) (equal (car sorted) wanted) sorted)
    (delete-region from to)
    (insert (substring-no-properties (car sorted)))
    (funcall (plist-get more :exit-function) (car sorted) 'finished)))

(defun hover ()
  "What stands below when the cursor rests here."
  (if (eq client 'eglot)
      (let (shown)
        ;; It speaks only to buffers in a window, and a frame of batch has no room for several.
        (switch-to-buffer (current-buffer))
        (delete-other-windows)
        (eglot-hover-eldoc-function (lambda (page &rest _) (setq shown page)))
        (substring-no-properties (wait "there is a hover" (lambda () shown))))
    (format "%s" (lsp:hover-contents (lsp-request "textDocument/hover" (lsp--text-document-position-params))))))

;;; The story

(defun story ()
  ;; The sunflower.  Somebody without a name gets one.  Two more files are open before the server has answered.
  (visit "notes/reunion-plan.md")
  (visit "contacts/suppliers/li-na.md")
  (open "contacts/clients/kittykat123.md")
  (check "the mode is on" guanxi-mode)
  (behind "---\n")
  (delete-region (point) (progn (forward-line) (point)))
  (wait "the missing alias is marked" (lambda () (seq-some (lambda (one) (string-match-p "alias" one)) (problems))))
  (behind "wecha")
  (act "Make this note a contact")
  (wait "an alias is there" (lambda () (string-match-p "^alias: " (text))))
  (behind "alias: ")
  (delete-region (point) (line-end-position))
  (insert "Wang Xiaoming")

  ;; A tag by half a word, somebody by the letters of a name.
  (behind "event/ces-2026")
  (pick ", muse" "client/museum")
  (check "half a word is a tag" (string-match-p ", client/museum\\]" (line)) (line))
  (goto-char (point-max))
  (complete "\nMet [[sxm")
  (check "pinyin is a link" (equal (line) "Met [[单晓明]]") (line))
  (save-buffer)

  ;; Resting on a link.
  (behind "[[Li N")
  (let ((page (hover)))
    (check "the card is shown" (string-match-p "Mingque Lighting" page) page))
  (guanxi-card)
  (check "the card is beside the text" (string-match-p "黎娜.*\n" (beside "card")) (beside "card"))
  (check "its picture too: here, without graphics, as a path" (string-match-p "^cards/li-na\\.png" (beside "card"))
         (beside "card"))

  ;; Somebody by pinyin, somebody by a tag.
  (setq chosen '("wangxm"))
  (call-interactively #'guanxi-find)
  (check "found by pinyin" (string-suffix-p "kittykat123.md" buffer-file-name) buffer-file-name)
  (check "with what tells him from others" (string-match-p "王小明 · Panda Lighting · #lead" (car offered)) offered)
  (setq chosen '("lead,#boston" ""))
  (call-interactively #'guanxi-find-by-tag)
  (check "found by two tags" (string-match-p "^tags: .*boston" (text)) (text))
  (check "and no others" (= (length offered) 4) offered)
  (check "a tag of nobody is refused with the nearest"
         (string-match-p "#lead" (condition-case told (progn (guanxi-find-by-tag '("laed")) "") (user-error (cadr told)))))

  ;; A tag gets another name, by the server's own rename and by the command.
  (open "contacts/clients/kittykat123.md")
  (behind "tags: [lea")
  (if (eq client 'eglot) (eglot-rename "prospect") (lsp-rename "prospect"))
  (check "renamed here" (string-match-p "^tags: \\[prospect, new-york" (text)) (text))
  (save-some-buffers t)
  (guanxi-tag-rename "老同学" "classmate")

  ;; Tags on this one, and on everybody whom a query means.
  (guanxi-tag-add "vip")
  (check "a tag is on" (string-match-p "^tags: .*, vip\\]" (text)) (text))
  (guanxi-tag-remove "vip")
  (check "and off" (not (string-match-p "vip" (text))) (text))
  (save-buffer)
  (guanxi-tag-add "autumn" "#prospect #new-york")
  (guanxi-tags)
  (check "tags are listed, with those below them" (string-match-p "^  #client/museum  1  Museums" (beside "tags"))
         (beside "tags"))

  ;; Somebody new.
  (setq chosen '("Chen Jie" "prospect"))
  (call-interactively #'guanxi-new)
  (check "a contact begins" (equal (text) "---\nalias: Chen Jie\ntags: [prospect]\n---\n") (text))
  (check "nothing is on the disk that was not saved" (or (eq client 'lsp-mode) (not (file-exists-p buffer-file-name))))
  (save-buffer)

  ;; Two files of one person.
  (open "contacts/friends/freja.md")
  (guanxi-merge (wait "the new one is found" (lambda () (seq-first (guanxi-call "find" :query "Chen Jie")))))
  (check "a merge says first what it does" (string-match-p "contacts/chen-jie.md goes" (car questions)) questions)
  (check "what it said is here" (string-match-p "Chen Jie" (text)) (text))

  ;; A broadcast: who gets it, the list, the messages.
  (open "broadcasts/autumn-catalogue.md")
  (behind "#prospect")
  (let ((page (hover)))
    (check "the query says whom it reaches" (string-match-p "Wang Xiaoming" page) page))
  (guanxi-broadcast-list)
  (check "recipients" (string-match-p "\\`3 will get it\n\n" (beside "recipients")) (beside "recipients"))
  (check "and who is left out" (string-match-p "3 will not\n\n\\(?:.*\n\\)*Hoshi Marlowe  has no `emails`" (beside "recipients"))
         (beside "recipients"))
  (behind "to")
  (act "Generate list")
  (wait "the list is written" (lambda () (string-match-p "^- \\[ \\] \\[\\[Wang Xiaoming\\]\\] · wang@panda.example" (text))))
  (guanxi-broadcast-preview)
  (let ((shown (beside "preview")))
    (check "each message" (string-match-p "of 3\nTo: Wang Xiaoming · wang@panda.example\nSubject: The autumn catalogue\n\nDear Wang Xiaoming,\n\nI hope all is well at Panda Lighting\\." shown)
           shown))
  (behind "Dear ")
  (insert "my dear ")
  (save-buffer)
  (wait "the preview follows" (lambda () (string-match-p "^Dear my dear Wang" (beside "preview"))))
  (kill-buffer "*guanxi preview*")
  (behind "to")
  (act "Preview")
  (wait "an action opens it too" (lambda () (get-buffer "*guanxi preview*")))
  (when (eq client 'lsp-mode)
    (wait "lenses stand above it"
          (lambda () (seq-some (lambda (lens) (string-match-p "^3 recipients" (or (lsp:command-title (lsp:code-lens-command? lens)) "")))
                               (lsp-request "textDocument/codeLens" `(:textDocument ,(lsp--text-document-identifier)))))))

  ;; Another mode, and the text as it is on the disk: still one document of one server.
  (open "contacts/clients/ada-thornquist.md")
  (gfm-mode)
  (open "contacts/clients/ada-thornquist.md")
  (check "served in another mode" (and (eq major-mode 'gfm-mode) guanxi-mode))
  (revert-buffer t t)
  (open "contacts/clients/ada-thornquist.md")

  ;; Colours.
  (open "broadcasts/autumn-catalogue.md")
  (font-lock-ensure)
  (behind "to: \"#pro")
  (check "the query is coloured" (memq 'guanxi-tag (ensure-list (get-text-property (point) 'face))) (get-text-property (point) 'face))
  (behind "{{ gree")
  (check "and what a message fills in" (memq 'guanxi-hole (ensure-list (get-text-property (point) 'face))))
  (open "notes/boston-trip.md")
  (font-lock-ensure)
  (behind "```guanxi\n#pros")
  (check "and the query of a note" (memq 'guanxi-tag (ensure-list (get-text-property (point) 'face))) (get-text-property (point) 'face))
  (behind "Bring the dimming box. #bos")
  (check "and no other text" (not (memq 'guanxi-tag (ensure-list (get-text-property (point) 'face)))))

  ;; Other Markdown is nobody's business.
  (let ((elsewhere (expand-file-name "elsewhere.md" (getenv "HOME"))))
    (with-temp-file elsewhere (insert "# Elsewhere\n\n[[wxm\n"))
    (find-file elsewhere)
    (run-hooks 'post-command-hook)
    (check "no mode elsewhere" (and (derived-mode-p 'markdown-mode) (not guanxi-mode)))
    (check "no server elsewhere"
           (if (eq client 'eglot)
               (not (or (eglot-current-server) (rassoc '(guanxi-eglot-server "guanxi" "lsp") eglot-server-programs)))
             (not (or (lsp-workspaces) (guanxi-file-p buffer-file-name major-mode)))))
    (check "pickers find people from elsewhere too"
           (equal "Wang Xiaoming" (plist-get (seq-first (guanxi-call "find" :query "wxm")) :alias))))

  (save-some-buffers t)
  (if (eq client 'eglot)
      (eglot-shutdown-all)
    (mapc #'lsp-workspace-shutdown (lsp--session-workspaces (lsp-session))))
  (princ (format "the end, with Emacs %s and %s\n" emacs-version client)))

(condition-case told
    (story)
  (error (princ (format "FAILED %S\n" told)) (kill-emacs 1)))

;;; story.el ends here
