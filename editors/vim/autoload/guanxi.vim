" What :Guanxi does: runs `guanxi`, never a shell, and shows what it answers in a quickfix list or a window of its own.

" Which program is run. Inside a vault nothing else need be set.
let g:guanxi_executable = get(g:, 'guanxi_executable', 'guanxi')

" The nearest folder upward from a buffer's file that holds guanxi.yaml; empty where there is none.
function! guanxi#root(buffer) abort
  let l:file = bufname(a:buffer)
  let l:folder = empty(l:file) ? getcwd() : fnamemodify(l:file, ':p:h')
  let l:settings = findfile('guanxi.yaml', escape(l:folder, ' ,;\') . ';')
  return empty(l:settings) ? '' : fnamemodify(l:settings, ':p:h')
endfunction

" The vault that is meant here: around this file, around where we are, or the one that is set.
function! s:vault() abort
  let l:inside = get(b:, 'guanxi_vault', guanxi#root(bufnr('%')))
  let l:here = findfile('guanxi.yaml', escape(getcwd(), ' ,;\') . ';')
  let l:named = get(g:, 'guanxi_vault', $GUANXI_VAULT)
  let l:vault = !empty(l:inside) ? l:inside : !empty(l:here) ? fnamemodify(l:here, ':p:h') : expand(l:named)
  if empty(l:vault)
    throw 'guanxi: no vault around this file: open one of its files, or say where it is: let g:guanxi_vault = ''~/people'''
  endif
  return l:vault
endfunction

" Runs the program in the vault and waits. A list of words reaches it as it stands: no shell looks at it.
function! s:run(vault, words) abort
  let l:said = {'out': '', 'err': '', 'closed': 0, 'code': -1}
  let l:program = expand(g:guanxi_executable)
  if !executable(l:program)
    throw 'guanxi: the program `' . l:program . '` is not on the path: install it, or set g:guanxi_executable'
  endif
  let l:job = job_start([l:program, '--vault', a:vault] + a:words, {
    \ 'cwd': a:vault, 'in_io': 'null', 'mode': 'raw',
    \ 'out_cb': {_, text -> extend(l:said, {'out': l:said.out . text})},
    \ 'err_cb': {_, text -> extend(l:said, {'err': l:said.err . text})},
    \ 'exit_cb': {_, code -> extend(l:said, {'code': code})},
    \ 'close_cb': {_ -> extend(l:said, {'closed': 1})},
    \ })
  try
    while l:said.code < 0 || !l:said.closed
      sleep 5m
    endwhile
  finally
    if l:said.code < 0
      call job_stop(l:job)
    endif
  endtry
  if l:said.code > 1
    throw trim(l:said.err)
  endif
  return l:said
endfunction

function! s:json(vault, words) abort
  let l:said = s:run(a:vault, a:words)
  return json_decode(empty(l:said.out) ? '[]' : l:said.out)
endfunction

" What a person is told, without the program's name before each line.
function! s:say(text, group) abort
  execute 'echohl' a:group
  for l:line in split(a:text, "\n")
    echomsg substitute(l:line, '^guanxi: ', '', '')
  endfor
  echohl None
endfunction

" :Guanxi WORD …
function! guanxi#do(bang, ...) abort
  let l:words = copy(a:000)
  let l:name = empty(l:words) ? 'find' : remove(l:words, 0)
  try
    if l:name ==# 'tag' || l:name ==# 'broadcast'
      let l:name .= '_' . (empty(l:words) ? 'list' : remove(l:words, 0))
    endif
    if !has_key(s:commands, l:name)
      throw 'there is no `:Guanxi ' . tr(l:name, '_', ' ') . '`: ' . join(guanxi#complete('', 'Guanxi ', 7), ', ')
    endif
    call s:commands[l:name](s:vault(), l:words, a:bang)
  catch /^Vim:Interrupt$/
    call s:say('stopped', 'WarningMsg')
  catch /^Vim/
    throw substitute(v:exception, '^Vim\%((\a\+)\)\=:', '', '')
  catch
    call s:say(v:exception, 'ErrorMsg')
  endtry
endfunction

" ---- lists ----

" A list of places, shown if there is one.
function! s:quickfix(title, items) abort
  call setqflist([], ' ', {'title': a:title, 'items': a:items})
  if empty(a:items)
    cclose
    return s:say('nothing found', 'WarningMsg')
  endif
  botright copen
endfunction

" Somebody, as a place: the line with the alias.
function! s:place(vault, contact, words) abort
  let l:file = a:vault . '/' . a:contact.path
  let l:line = filereadable(l:file) ? match(readfile(l:file), '^alias:') : -1
  return {'filename': l:file, 'lnum': max([l:line, 0]) + 1, 'text': a:words}
endfunction

function! s:people(vault, title, contacts) abort
  let l:items = []
  for l:contact in a:contacts
    let l:words = [l:contact.alias]
    if type(get(l:contact, 'org', 0)) == v:t_string
      call add(l:words, l:contact.org)
    endif
    call add(l:words, join(map(copy(l:contact.tags), {_, tag -> '#' . tag})))
    call add(l:items, s:place(a:vault, l:contact, join(filter(l:words, {_, word -> !empty(word)}), ' · ')))
  endfor
  call s:quickfix(a:title, l:items)
endfunction

function! s:find(vault, words, bang) abort
  let l:words = empty(a:words) ? [input('Find: ')] : a:words
  if empty(join(l:words))
    return
  endif
  call s:people(a:vault, 'Guanxi find ' . join(l:words), s:json(a:vault, ['find', '--format', 'json', '--'] + l:words))
endfunction

function! s:list(vault, words, bang) abort
  let l:query = empty(a:words) ? [] : ['--', join(a:words)]
  call s:people(a:vault, 'Guanxi list ' . join(a:words), s:json(a:vault, ['list', '--format', 'json'] + l:query))
endfunction

" Columns of the answer count characters, those of Vim bytes.
function! s:column(lines, problem) abort
  return byteidx(get(a:lines, a:problem.line - 1, ''), a:problem.column - 1) + 1
endfunction

function! s:check(vault, words, bang) abort
  let [l:items, l:texts] = [[], {}]
  for l:problem in s:json(a:vault, ['check', '--format', 'json', '--'] + map(copy(a:words), {_, path -> fnamemodify(path, ':p')}))
    let l:file = a:vault . '/' . l:problem.path
    if !has_key(l:texts, l:file)
      let l:texts[l:file] = filereadable(l:file) ? readfile(l:file) : []
    endif
    call add(l:items, {'filename': l:file, 'lnum': l:problem.line, 'col': s:column(l:texts[l:file], l:problem),
      \ 'type': toupper(l:problem.severity[0]), 'text': l:problem.message . ' (' . l:problem.code . ')'})
  endfor
  call s:quickfix('Guanxi check', l:items)
endfunction

" ---- windows of their own ----

" A window with a text that is nobody's file, shown anew where it is there already.
function! s:window(name, vault, lines, filetype) abort
  let l:from = win_getid()
  let l:there = bufwinid('^' . a:name . '$')
  if l:there > 0
    call win_gotoid(l:there)
  else
    execute 'silent botright split' fnameescape(a:name)
    setlocal buftype=nofile bufhidden=wipe noswapfile nobuflisted nonumber nospell
    nnoremap <buffer> <silent> q <Cmd>close<CR>
  endif
  let b:guanxi_vault = a:vault
  setlocal modifiable
  silent %delete _
  call setline(1, a:lines)
  setlocal nomodifiable nomodified
  if &l:filetype !=# a:filetype
    let &l:filetype = a:filetype
  endif
  return l:from
endfunction

function! s:show(vault, words, bang) abort
  let l:who = empty(a:words) ? expand('%:p') : join(a:words)
  call s:window('guanxi://show', a:vault, split(s:run(a:vault, ['show', '--', l:who]).out, "\n"), 'text')
endfunction

" Every tag; Enter lists who carries it.
function! s:tags(vault, words, bang) abort
  let l:tags = s:json(a:vault, ['tags', '--tree', '--format', 'json'])
  let l:width = max(map(copy(l:tags), {_, tag -> strdisplaywidth(tag.tag)}) + [1])
  let l:Pad = {tag -> tag . repeat(' ', l:width - strdisplaywidth(tag))}
  call s:window('guanxi://tags', a:vault, map(copy(l:tags), {_, tag -> printf('%s %5d  %s', l:Pad(tag.tag), tag.total, tag.meaning)}), 'text')
  let b:guanxi_tags = map(l:tags, {_, tag -> tag.tag})
  setlocal nowrap cursorline
  nnoremap <buffer> <silent> <CR> <Cmd>call guanxi#do(0, 'list', 'tag:"' . escape(b:guanxi_tags[line('.') - 1], '"\') . '"')<CR>
endfunction

" ---- broadcasts ----

" The broadcast that is named, or this one.
function! s:broadcast(words) abort
  return fnamemodify(empty(a:words) ? expand('%') : join(a:words), ':p')
endfunction

function! s:broadcast_list(vault, words, bang) abort
  let l:file = s:broadcast(a:words)
  let l:answer = s:json(a:vault, ['broadcast', 'list', '--format', 'json', '--reasons', '--', l:file])
  let l:items = []
  for l:one in l:answer.recipients
    let l:address = type(l:one.address) == v:t_string ? ' · ' . l:one.address : ''
    call add(l:items, s:place(a:vault, l:one, l:one.alias . l:address))
  endfor
  for l:one in l:answer.left_out
    call add(l:items, extend(s:place(a:vault, l:one, 'left out: ' . l:one.alias . ': ' . l:one.words), {'type': 'W'}))
  endfor
  let l:counts = len(l:answer.recipients) . ' recipients, ' . len(l:answer.left_out) . ' left out'
  call s:quickfix('Guanxi broadcast list ' . fnamemodify(l:file, ':t') . ': ' . l:counts, l:items)
endfunction

" Each message as it will be read, or the one to somebody. It follows what is saved.
function! s:preview(vault, words, bang) abort
  let l:file = get(b:, 'guanxi_broadcast', expand('%:p'))
  call s:preview_of(a:vault, l:file, empty(a:words) ? [] : ['--for', join(a:words)])
  call win_gotoid(s:from)
endfunction

let s:from = 0

function! s:preview_of(vault, file, whose) abort
  let l:text = s:run(a:vault, ['broadcast', 'preview'] + a:whose + ['--', a:file]).out
  let l:lines = empty(l:text) ? ['Nobody gets this message: :Guanxi broadcast list says why.'] : split(l:text, "\n", 1)
  let s:from = s:window('guanxi://preview', a:vault, l:lines, 'markdown')
  let b:guanxi_broadcast = a:file
  augroup guanxi_preview
    autocmd! BufWritePost
    execute 'autocmd BufWritePost' fnameescape(a:file) 'call s:again(' . string(a:vault) . ',' string(a:file) . ',' string(a:whose) . ')'
  augroup END
endfunction

function! s:again(vault, file, whose) abort
  if bufwinid('^guanxi://preview$') < 0
    autocmd! guanxi_preview BufWritePost
    return
  endif
  try
    call s:preview_of(a:vault, a:file, a:whose)
    call win_gotoid(s:from)
  catch /^guanxi:/
    call s:say(v:exception, 'ErrorMsg')
  endtry
endfunction

" ---- what writes ----

" Runs a command that writes files. What is typed and not saved would be lost to it, or it to that: so all must be saved.
function! s:write(vault, words) abort
  let l:unsaved = filter(getbufinfo({'bufmodified': 1}), {_, buffer -> guanxi#root(buffer.bufnr) ==# a:vault})
  if !empty(l:unsaved)
    throw 'not saved: ' . join(map(l:unsaved, {_, buffer -> fnamemodify(buffer.name, ':t')}), ', ') . ': `:wall` first'
  endif
  let l:said = s:run(a:vault, a:words)
  " Buffers take over what is on the disk now, without a question for each.
  let l:autoread = &g:autoread
  set autoread
  try
    silent checktime
  finally
    let &g:autoread = l:autoread
  endtry
  call s:say(l:said.err, 'None')
  return l:said
endfunction

" Words that begin with # are tags, the others the alias.
function! s:new(vault, words, bang) abort
  let l:alias = join(filter(copy(a:words), {_, word -> word[0] !=# '#'}))
  let l:tags = filter(copy(a:words), {_, word -> word[0] ==# '#'})
  let l:options = []
  call map(l:tags, {_, tag -> extend(l:options, ['--tag', tag[1:]])})
  let l:alias = empty(l:alias) ? input('The name you know them by: ') : l:alias
  if empty(l:alias)
    return
  endif
  let l:path = trim(s:write(a:vault, ['new'] + l:options + ['--', l:alias]).out)
  execute 'edit' fnameescape(l:path[0] ==# '/' ? l:path : a:vault . '/' . l:path)
endfunction

" With a query, everybody whom it means; else the contact of this file.
function! s:retag(what, vault, words) abort
  if empty(a:words)
    throw 'say which tag: `:Guanxi tag ' . a:what . ' vip`, for some `:Guanxi tag ' . a:what . ' vip #lead #new-york`'
  endif
  let l:whose = len(a:words) > 1 ? ['--where', join(a:words[1:])] : []
  let l:file = empty(l:whose) ? ['--', a:words[0], expand('%:p')] : ['--', a:words[0]]
  call s:write(a:vault, ['tag', a:what] + l:whose + l:file)
endfunction

function! s:tag_rename(vault, words, bang) abort
  if len(a:words) != 2
    throw 'say the tag and its new name: `:Guanxi tag rename lead prospect`; a blank in it is written `trade\ press`'
  endif
  call s:write(a:vault, ['tag', 'rename'] + (a:bang ? ['--merge'] : []) + ['--'] + a:words)
endfunction

let s:commands = {
  \ 'find': function('s:find'), 'list': function('s:list'), 'show': function('s:show'), 'tags': function('s:tags'),
  \ 'new': function('s:new'), 'check': function('s:check'), 'preview': function('s:preview'), 'tag_rename': function('s:tag_rename'),
  \ 'tag_list': function('s:tags'), 'broadcast_list': function('s:broadcast_list'),
  \ 'tag_add': {vault, words, bang -> s:retag('add', vault, words)},
  \ 'tag_remove': {vault, words, bang -> s:retag('remove', vault, words)},
  \ 'refresh': {vault, words, bang -> s:write(vault, ['broadcast', 'refresh', '--', s:broadcast(words)])},
  \ }

" ---- completion ----

" Names behind `[[`, by anything that finds somebody: half a word, pinyin, a number. For 'completefunc': a plugin for language servers
" that looks at the beginnings of words only (ALE) finds none of these.
function! guanxi#names(findstart, base) abort
  if a:findstart
    let l:open = match(strpart(getline('.'), 0, col('.') - 1), '\[\[[^\[\]|]*$')
    return l:open < 0 ? -3 : l:open + 2
  endif
  let l:close = strpart(getline('.'), col('.') - 1) =~# '^\]\]' ? '' : ']]'
  try
    let l:vault = s:vault()
    let l:found = empty(a:base) ? s:json(l:vault, ['list', '--format', 'json'])
      \ : s:json(l:vault, ['find', '--no-body', '--format', 'json', '--', a:base])
  catch
    return []
  endtry
  let l:Words = {one -> type(get(one, 'org', 0)) == v:t_string ? one.org : ''}
  return map(l:found, {_, one -> {'word': one.alias . l:close, 'abbr': one.alias, 'menu': l:Words(one), 'equal': 1}})
endfunction

" What may stand next: the commands, then tags, names and files of the vault.
function! guanxi#complete(lead, line, position) abort
  let l:before = split(strpart(a:line, 0, a:position - len(a:lead)), '\\\@<! \+')
  let l:words = l:before[1:]
  let l:command = join(l:words[:1])
  if empty(l:words)
    let l:found = ['find', 'list', 'show', 'tags', 'new', 'tag', 'broadcast', 'preview', 'refresh', 'check']
  elseif l:words ==# ['tag']
    let l:found = ['add', 'remove', 'rename']
  elseif l:words ==# ['broadcast']
    let l:found = ['list']
  elseif index(['refresh', 'check'], l:words[0]) >= 0 || l:command ==# 'broadcast list'
    return getcompletion(a:lead, 'file')
  elseif index(['show', 'preview'], l:words[0]) >= 0
    let l:found = s:answers(['list', '--format', 'names'])
  elseif l:words[0] ==# 'tag' && len(l:words) == 2
    let l:found = s:tag_names('')
  elseif a:lead[0] ==# '#' || a:lead[:1] ==# '-#' || (l:words[0] ==# 'tag' && l:words[1] !=# 'rename')
    let l:found = s:tag_names(a:lead[0] ==# '-' ? '-#' : '#')
  else
    return []
  endif
  let l:lead = tolower(a:lead)
  return filter(map(l:found, {_, word -> escape(word, ' \')}), {_, word -> stridx(tolower(word), l:lead) == 0})
endfunction

" In a query a tag with a blank in it is written in another way.
function! s:tag_names(before) abort
  try
    let l:tags = map(s:json(s:vault(), ['tags', '--format', 'json']), {_, tag -> tag.tag})
  catch
    return []
  endtry
  return map(l:tags, {_, tag -> empty(a:before) || tag !~# '[ "\\]' ? a:before . tag : trim(a:before, '#') . 'tag:"' . escape(tag, '"\') . '"'})
endfunction

function! s:answers(words) abort
  try
    return split(s:run(s:vault(), a:words).out, "\n")
  catch
    return []
  endtry
endfunction
