;;; guanxi-beside.el --- What the server answers, beside the text -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Recipients, messages, people, tags, a card: each in a buffer with links, which `g' fills anew.

;;; Code:

(require 'guanxi)

;;; A buffer beside the text

(defvar-local guanxi--again nil
  "How this buffer is filled.")

(defvar guanxi-beside-mode-map
  (let ((map (make-sparse-keymap)))
    (set-keymap-parent map (make-composed-keymap button-buffer-map special-mode-map))
    (define-key map "n" #'forward-button)
    (define-key map "p" #'backward-button)
    map)
  "The keys beside the text.")

(define-derived-mode guanxi-beside-mode special-mode "关系"
  "The server's answer beside the text.  `g' asks again."
  (setq-local revert-buffer-function (lambda (&rest _) (funcall guanxi--again)))
  (setq truncate-lines nil word-wrap t))

(defun guanxi--beside (name fill)
  "Show a buffer called NAME beside the text, filled by FILL."
  (let ((ask (guanxi-connection))
        (buffer (get-buffer-create (format "*guanxi %s*" name))))
    (with-current-buffer buffer
      (guanxi-beside-mode)
      (setq guanxi--connection ask
            guanxi--again (lambda ()
                            (let ((inhibit-read-only t) (at (point)))
                              ;; What is wrong is said before the old text goes.
                              (let ((text (with-temp-buffer
                                            (setq guanxi--connection ask)
                                            (funcall fill)
                                            (buffer-string))))
                                (erase-buffer)
                                (insert text)
                                (goto-char (min at (point-max)))))))
      (funcall guanxi--again)
      (goto-char (point-min)))
    (display-buffer buffer '((display-buffer-reuse-window display-buffer-in-direction)
                             (direction . right) (window-width . 0.5)))
    buffer))

(defun guanxi--link (text action &optional hint)
  "Insert TEXT, which does ACTION when it is chosen, and has a HINT."
  (insert-text-button text 'follow-link t 'help-echo hint 'action (lambda (_) (funcall action))))

(defun guanxi--annotation (contact)
  "Something by which to know CONTACT."
  (let ((tags (mapconcat (lambda (tag) (concat "#" tag)) (plist-get contact :tags) " ")))
    (string-join (delq nil (list (car (append (plist-get contact :aliases) nil)) (plist-get contact :org)
                                 (unless (string-empty-p tags) tags)))
                 " · ")))

(defun guanxi--to (contact &optional text)
  "Insert a link to CONTACT, with TEXT instead of the name."
  (let ((uri (plist-get contact :uri)))
    (guanxi--link (or text (plist-get contact :alias)) (lambda () (find-file-other-window (guanxi-path uri)))
                  (plist-get contact :path))))

(defun guanxi--heading (text)
  "Insert TEXT as a heading."
  (insert (propertize text 'face 'bold) "\n\n"))

;;; Broadcasts

(defun guanxi--list-recipients (answer)
  "Insert who gets a broadcast, and who does not and why: ANSWER."
  (let ((chosen (plist-get answer :recipients)) (left-out (plist-get answer :left_out)))
    (guanxi--heading (format "%d will get it" (length chosen)))
    (seq-do (lambda (contact)
              (guanxi--to contact)
              (insert (if-let* ((address (plist-get contact :address))) (concat "  " address) "") "\n"))
            chosen)
    (unless (seq-empty-p left-out)
      (insert "\n")
      (guanxi--heading (format "%d will not" (length left-out)))
      (seq-do (lambda (one) (insert (plist-get one :alias) "  " (plist-get one :words) "\n")) left-out))))

;;;###autoload
(defun guanxi-broadcast-list ()
  "Show who gets this broadcast, and who does not and why."
  (interactive)
  (let ((uri (guanxi-uri)))
    (guanxi--beside "recipients" (lambda () (guanxi--list-recipients (guanxi-call "broadcast.list" :uri uri))))))

;;;###autoload
(defun guanxi-broadcast-preview ()
  "Show beside the text what each recipient will read.
It is shown anew when the broadcast is saved."
  (interactive)
  (let ((uri (guanxi-uri)))
    (add-hook 'after-save-hook #'guanxi--preview-again nil t)
    (guanxi--beside
     "preview"
     (lambda ()
       (let* ((messages (plist-get (guanxi-call "broadcast.preview" :uri uri) :messages))
              (number 0))
         (when (seq-empty-p messages)
           (insert "Nobody gets this.\n"))
         (seq-do (lambda (one)
                   (guanxi--link (format "%d of %d" (setq number (1+ number)) (length messages))
                                 (let ((uri (plist-get one :uri))) (lambda () (find-file-other-window (guanxi-path uri)))))
                   (insert "\nTo: " (plist-get one :alias))
                   (when (plist-get one :to) (insert " · " (plist-get one :to)))
                   (when (plist-get one :subject) (insert "\nSubject: " (plist-get one :subject)))
                   (insert "\n\n" (string-trim (plist-get one :body)) "\n\n\n"))
                 messages))))))

(defun guanxi--preview-again ()
  "Fill the preview anew where it is shown."
  (when-let* ((buffer (get-buffer "*guanxi preview*"))
              ((get-buffer-window buffer t)))
    (condition-case fault
        (with-current-buffer buffer (funcall guanxi--again))
      (user-error (message "%s" (error-message-string fault))))))

;;; People, tags, a card

(defun guanxi--list-people (query uri)
  "Show whom QUERY means in the vault of the file URI."
  (guanxi--beside "list" (lambda ()
                           (let ((people (guanxi-call "list" :query query :uri uri)))
                             (guanxi--heading (format "%d  %s" (length people) query))
                             (seq-do (lambda (contact)
                                       (guanxi--to contact)
                                       (insert "  " (guanxi--annotation contact) "\n"))
                                     people)))))

;;;###autoload
(defun guanxi-tags ()
  "Show all tags beside the text, with their counts and meanings.
RET on one lists who carries it."
  (interactive)
  (let ((uri (guanxi-uri (or buffer-file-name (guanxi-root)))))
    (guanxi--beside
     "tags"
     (lambda ()
       (guanxi--heading "Tags")
       (seq-do (lambda (tag)
                 (let ((name (plist-get tag :tag)))
                   (insert (make-string (* 2 (cl-count ?/ name)) ?\s))
                   (guanxi--link (concat "#" name) (lambda () (guanxi--list-people (concat "#" name) uri)))
                   (insert (format "  %d  " (plist-get tag :total)) (plist-get tag :meaning) "\n")))
               (guanxi-call "tags" :tree t))))))

;;;###autoload
(defun guanxi-card ()
  "Show beside the text what is known about the thing at point.
Behind a link that is the person's card; pictures are shown where
this Emacs can."
  (interactive)
  (let ((page (or (funcall (guanxi-connection) 'hover nil) (user-error "Nothing is known about this")))
        (root (guanxi-root)))
    (guanxi--beside
     "card"
     (lambda ()
       (insert page)
       (when (fboundp 'gfm-view-mode)
         (delay-mode-hooks (gfm-view-mode))
         (font-lock-ensure))
       (goto-char (point-min))
       (let ((inhibit-read-only t))
         (while (re-search-forward "!\\[\\([^]\n]*\\)\\](<?\\(file://[^)>\n]+\\)>?)" nil t)
           (let ((path (guanxi-path (match-string 2))) (about (match-string 1)))
             (replace-match "" t t)
             (if (and (display-images-p) (file-readable-p path))
                 (insert-image (create-image path nil nil :max-width 320 :max-height 320) about)
               (guanxi--link (file-relative-name path root) (lambda () (find-file-other-window path)) about)))))))))

;;; What a lens or a code action leads to

(defun guanxi-command-chosen (name argument)
  "Run the command NAME of the server with ARGUMENT, and show what it answers."
  (let ((uri (plist-get argument :uri)))
    (pcase name
      ("guanxi.broadcast.preview" (guanxi-broadcast-preview))
      ((and "guanxi.broadcast.list" (guard (not (plist-get argument :write)))) (guanxi-broadcast-list))
      ((and "guanxi.list" (guard (not (plist-get argument :insert)))) (guanxi--list-people (plist-get argument :query) uri))
      ("guanxi.show" (guanxi--list-places (funcall (guanxi-connection) name argument)))
      (_ (funcall (guanxi-connection) name argument)))))

(defun guanxi--list-places (places)
  "Show PLACES beside the text."
  (guanxi--beside "places" (lambda ()
                             (guanxi--heading (format "%d here" (length places)))
                             (seq-do (lambda (place)
                                       (guanxi--to place (plist-get place :path))
                                       (insert "  " (plist-get place :text) "\n"))
                                     places))))

(provide 'guanxi-beside)
;;; guanxi-beside.el ends here
