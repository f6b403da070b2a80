" Queries, such as stand in ```guanxi blocks: for where the old highlighting is used and the server gives no colours.

if exists('b:current_syntax')
  finish
endif

syntax match guanxiTag /[#][^[:space:]"()|&#]\+/
syntax match guanxiKey /\<[[:alnum:]_-]\+\ze:/
syntax match guanxiOperator /[-!&|():=<>]/
syntax keyword guanxiKeyword AND OR NOT
syntax region guanxiString start=/"/ skip=/\\"/ end=/"/ oneline
syntax region guanxiExpression start=+:\@<=/+ skip=+\\/+ end=+/+ oneline

highlight default link guanxiTag Tag
highlight default link guanxiKey Identifier
highlight default link guanxiOperator Operator
highlight default link guanxiKeyword Keyword
highlight default link guanxiString String
highlight default link guanxiExpression Special

let b:current_syntax = 'guanxi'
