;;; guanxi-commands.el --- What a person can do with a vault -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Pickers, what changes something, and the menu.  Each command asks the server one thing; what only shows its answer is in
;; guanxi-beside.el.

;;; Code:

(require 'guanxi)
(require 'guanxi-beside)
(require 'icomplete)
(require 'transient)

;;; Picking

(defvar guanxi-history nil
  "What was looked for.")

(defvar guanxi-tag-history nil
  "Which tags were named.")

(defun guanxi--with-names (contacts)
  "An alist of CONTACTS by alias, with the path where several have the same."
  (let ((seen (make-hash-table :test #'equal)))
    (seq-map (lambda (contact)
               (let* ((alias (or (plist-get contact :alias) (plist-get contact :path)))
                      (name (if (gethash alias seen) (format "%s (%s)" alias (plist-get contact :path)) alias)))
                 (puthash alias t seen)
                 (cons name contact)))
             contacts)))

(defun guanxi--live-p ()
  "Whether a mode for live completion is on already."
  (seq-some (lambda (mode) (and (boundp mode) (symbol-value mode)))
            '(icomplete-mode fido-mode vertico-mode ivy-mode helm-mode selectrum-mode)))

(defun guanxi--show-while-typing ()
  "Show what fits in this minibuffer while one types.
Nothing is done where a mode for that is on already."
  (unless (or noninteractive (guanxi--live-p))
    (setq-local icomplete-mode t
                icomplete-show-matches-on-no-input t
                icomplete-compute-delay 0
                icomplete-separator "\n"
                icomplete-prospects-height 10
                max-mini-window-height 12)
    (when (boundp 'icomplete-vertical-mode)
      (setq-local icomplete-vertical-mode t))
    (use-local-map (make-composed-keymap icomplete-minibuffer-map (current-local-map)))
    (when (boundp 'icomplete-vertical-mode-minibuffer-map)
      (use-local-map (make-composed-keymap icomplete-vertical-mode-minibuffer-map (current-local-map))))
    (icomplete-minibuffer-setup)))

(defun guanxi--pick (prompt found &optional history)
  "Ask with PROMPT for one of what FOUND answers to what was typed.
FOUND takes a text and gives an alist.  HISTORY is a variable."
  (let* ((all (make-hash-table :test #'equal))
         (table (lambda (text predicate action)
                  (if (eq action 'metadata)
                      `(metadata (category . guanxi) (display-sort-function . identity) (cycle-sort-function . identity)
                                 (annotation-function
                                  . ,(lambda (name)
                                       (let ((about (guanxi--annotation (gethash name all))))
                                         (unless (string-empty-p about)
                                           (concat "  " (propertize about 'face 'completions-annotations)))))))
                    (let ((these (funcall found text)))
                      (pcase-dolist (`(,name . ,contact) these) (puthash name contact all))
                      (pcase action
                        ('t (seq-filter (or predicate #'identity) (mapcar #'car these)))
                        ('lambda (and (gethash text all) t))
                        ('nil (and these text)))))))
         (chosen (minibuffer-with-setup-hook #'guanxi--show-while-typing
                   (completing-read prompt table nil t nil history))))
    (or (gethash chosen all)
        ;; What was typed in full and sent at once, or words that find somebody.
        (cdar (funcall found chosen))
        (user-error "Nobody was chosen"))))

(defun guanxi--read-contact (prompt)
  "Ask with PROMPT for a contact, by whatever is known of them."
  (let ((ask (guanxi-connection)))
    (guanxi--pick prompt (lambda (words) (guanxi--with-names (funcall ask "guanxi.find" (list :query words))))
                  'guanxi-history)))

(defun guanxi--tags ()
  "All tags, as completion candidates with their counts and meanings."
  (seq-map (lambda (tag)
             (propertize (plist-get tag :tag) 'guanxi-about
                         (string-trim (format "%s  %s" (plist-get tag :total) (or (plist-get tag :meaning) "")))))
           (guanxi-call "tags")))

(defun guanxi--tag-table (tags)
  "A completion table of TAGS."
  (lambda (text predicate action)
    (if (eq action 'metadata)
        `(metadata (annotation-function
                    . ,(lambda (tag)
                         (let ((known (seq-find (lambda (one) (equal one tag)) tags)))
                           (concat "  " (and known (get-text-property 0 'guanxi-about known)))))))
      (complete-with-action action tags text predicate))))

(defun guanxi--bare (tag)
  "TAG without its mark."
  (string-trim (string-remove-prefix "#" (string-trim tag))))

(defun guanxi--read-tag (prompt)
  "Ask for a tag with PROMPT; it may be a new one."
  (let ((tag (guanxi--bare (completing-read prompt (guanxi--tag-table (guanxi--tags)) nil nil nil 'guanxi-tag-history))))
    (if (string-empty-p tag) (user-error "No tag was named") tag)))

(defun guanxi--read-tags (prompt)
  "Ask for several tags with PROMPT, with commas between them."
  (let ((named (completing-read-multiple prompt (guanxi--tag-table (guanxi--tags)) nil nil nil 'guanxi-tag-history)))
    (delete "" (mapcar #'guanxi--bare named))))

(defun guanxi--visit (contact)
  "Show the file of CONTACT."
  (find-file (guanxi-path (plist-get contact :uri))))

;;; Commands

;;;###autoload
(defun guanxi-find (contact)
  "Visit the file of CONTACT, found by any part of what is known.
A name, another one, letters of its pinyin, a company, digits of a
number, a tag: what fits is shown while you type."
  (interactive (list (guanxi--read-contact "Find: ")))
  (guanxi--visit contact))

;;;###autoload
(defun guanxi-find-by-tag (tags)
  "Visit the file of somebody who carries all TAGS."
  (interactive (list (guanxi--read-tags "Tags (all of them, with commas): ")))
  (let* ((all (guanxi--with-names (guanxi-call "list" :tags (vconcat tags))))
         (fits (lambda (text) (seq-filter (lambda (one) (string-search (downcase text) (downcase (car one)))) all))))
    (unless all
      (user-error "Nobody carries %s" (string-join tags " and ")))
    (guanxi--visit (guanxi--pick (format "%s: " (string-join tags ", ")) fits))))

;;;###autoload
(defun guanxi-new (alias tags)
  "Begin the file of a new contact, called ALIAS, with TAGS."
  (interactive (list (read-string "Alias: ") (guanxi--read-tags "Tags (with commas, may be none): ")))
  (let ((path (guanxi-path (plist-get (guanxi-change "new" :alias alias :tags (vconcat tags)) :uri))))
    (find-file path)
    (goto-char (point-max))))

(defun guanxi--retag (command tag query)
  "Run COMMAND with TAG, on those whom QUERY means, or on this file."
  (let* ((root (guanxi-root))
         (answer (if query
                     (guanxi-change command :tag tag :query query)
                   (guanxi-change command :tag tag :uri (guanxi-uri))))
         (refused (plist-get answer :refused)))
    (when query
      (guanxi-save-changed root))
    (message "%d changed, %d already so%s" (length (plist-get answer :changed)) (length (plist-get answer :unchanged))
             (if (seq-empty-p refused) ""
               (concat "; not changed: "
                       (mapconcat (lambda (one) (format "%s: %s" (plist-get one :path) (plist-get one :message))) refused
                                  "; "))))))

(defun guanxi--whom ()
  "Ask for a query, with a prefix argument."
  (when current-prefix-arg
    (let ((query (string-trim (read-string "Everybody whom this query means: " nil 'guanxi-history))))
      (if (string-empty-p query) (user-error "No query, nobody") query))))

;;;###autoload
(defun guanxi-tag-add (tag &optional query)
  "Put TAG on the contact of this file.
With a prefix argument, on everybody whom QUERY means."
  (interactive (let ((query (guanxi--whom))) (list (guanxi--read-tag "Add the tag: ") query)))
  (guanxi--retag "tag.add" tag query))

;;;###autoload
(defun guanxi-tag-remove (tag &optional query)
  "Take TAG off the contact of this file.
With a prefix argument, off everybody whom QUERY means."
  (interactive (let ((query (guanxi--whom))) (list (guanxi--read-tag "Remove the tag: ") query)))
  (guanxi--retag "tag.remove" tag query))

;;;###autoload
(defun guanxi-tag-rename (old new)
  "Rename the tag OLD to NEW everywhere, with all that lies below it.
Where NEW is a tag already the two become one, if you say so."
  (interactive (let ((old (guanxi--read-tag "Rename the tag: ")))
                 (list old (guanxi--bare (read-string (format "Rename %s to: " old) old 'guanxi-tag-history)))))
  (let* ((root (guanxi-root))
         (exists (seq-find (lambda (tag) (equal tag new)) (guanxi--tags)))
         (merge (and exists
                     (or (yes-or-no-p (format "#%s exists.  Make #%s and #%s one tag? " new old new))
                         (user-error "Nothing was changed"))))
         (answer (apply #'guanxi-change "tag.rename" :old old :new new (and merge '(:merge t)))))
    (guanxi-save-changed root)
    (message "#%s is #%s now, in %d files%s" old new (length (plist-get answer :changed))
             (mapconcat (lambda (note) (concat "; " note)) (plist-get answer :notes) ""))))

;;;###autoload
(defun guanxi-merge (other)
  "Make OTHER and the contact of this file one.
What OTHER's file says goes into this one, links follow, the
changes are saved, and the other file goes to the trash."
  (interactive (list (guanxi--read-contact "Merge into this contact: ")))
  (let* ((kept (guanxi-path (guanxi-uri)))
         (gone (guanxi-path (plist-get other :uri)))
         (root (guanxi-root)))
    (when (file-equal-p kept gone)
      (user-error "This is the file of %s: choose somebody else" (plist-get other :alias)))
    (unless (yes-or-no-p (format "%s goes; what it says moves into this file.  Save the changes and delete it? "
                                 (file-relative-name gone root)))
      (user-error "Nothing was changed"))
    (let ((answer (guanxi-change "contact.merge" :keep (guanxi-uri) :other (plist-get other :uri) :quiet t)))
      (save-some-buffers t (lambda () (and buffer-file-name (file-in-directory-p buffer-file-name root)
                                           (not (file-equal-p buffer-file-name gone)))))
      ;; An error where not all that it said is on disk elsewhere.
      (guanxi-change "contact.merge" :keep (guanxi-uri) :other (plist-get other :uri) :quiet t :delete t)
      (when (file-exists-p gone)
        (when-let* ((buffer (find-buffer-visiting gone)))
          (kill-buffer buffer))
        (delete-file gone t))
      (message "%s is in %s now%s" (plist-get answer :other) (plist-get answer :kept)
               (mapconcat (lambda (note) (concat "; " note)) (plist-get answer :notes) "")))))

;;;###autoload
(defun guanxi-broadcast-refresh ()
  "Write the list of recipients into this broadcast, or bring it up to date.
Ticks and words of yours stay."
  (interactive)
  (let ((answer (guanxi-call "broadcast.list" :uri (guanxi-uri) :write t)))
    (message "%d added, %d kept, %d dropped" (length (plist-get answer :added)) (plist-get answer :kept)
             (length (plist-get answer :dropped)))))

;;; The menu

;;;###autoload (autoload 'guanxi-menu "guanxi-commands" nil t)
(transient-define-prefix guanxi-menu ()
  "Contacts."
  [["Find"
    ("f" "somebody" guanxi-find)
    ("t" "by tag" guanxi-find-by-tag)
    ("T" "all tags" guanxi-tags)
    ("c" "card of this" guanxi-card)]
   ["Change"
    ("n" "new contact" guanxi-new)
    ("a" "add a tag" guanxi-tag-add)
    ("d" "remove a tag" guanxi-tag-remove)
    ("r" "rename a tag" guanxi-tag-rename)
    ("m" "merge into this" guanxi-merge)]
   ["Broadcast"
    ("l" "who gets it" guanxi-broadcast-list)
    ("g" "write the list" guanxi-broadcast-refresh)
    ("p" "preview" guanxi-broadcast-preview)]])

(provide 'guanxi-commands)
;;; guanxi-commands.el ends here
