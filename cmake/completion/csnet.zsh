#compdef csnet
# zsh completion for csnet. The command itself is asked, by argcomplete's protocol; where there is no argcomplete
# (Debian: python3-argcomplete), file names are completed.

_csnet() {
  local line="${(j: :)words[1,CURRENT-1]} $PREFIX" answer text
  # In the form that argcomplete has for fish: unquoted, a line for each answer, its description after a tab.
  local -a answers=("${(@f)$(
    COMP_LINE=$line COMP_POINT=${#line} COMP_TYPE= \
      _ARGCOMPLETE=1 _ARGCOMPLETE_SHELL=fish _ARGCOMPLETE_SUPPRESS_SPACE=1 \
      _ARGCOMPLETE_IFS=$'\n' _ARGCOMPLETE_DFS=$'\t' \
      ${~words[1]} 8>&1 9>/dev/null >/dev/null 2>&1
  )}")
  local -a described
  local files=$(( ${#answers} == 0 ))
  for answer in $answers; do
    text=${answer%%$'\t'*}
    if [[ -e ${~text} ]]; then
      files=1  # zsh completes them better itself
    elif [[ -n $text ]]; then
      described+=("${text//:/\\:}:${answer#*$'\t'}")
    fi
  done
  (( ${#described} )) && _describe csnet described
  (( files || ! ${#described} )) && _files
}

_csnet "$@"
