" :Guanxi, the contacts of a vault from Vim's command line. All of it is done by the program `guanxi`; see :help guanxi.

if exists('g:loaded_guanxi') || !has('job')
  finish
endif
let g:loaded_guanxi = 1

command! -nargs=* -bang -complete=customlist,guanxi#complete Guanxi call guanxi#do(<bang>0, <f-args>)
