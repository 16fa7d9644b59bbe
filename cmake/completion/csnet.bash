# bash completion for csnet. The command itself is asked, by argcomplete's protocol; where there is no argcomplete
# (Debian: python3-argcomplete), file names are completed as ever.
_csnet() {
  local IFS=$'\013'  # what argcomplete puts between its answers
  # shellcheck disable=SC2207  # split at IFS alone; an answer comes quoted for the command line
  COMPREPLY=($(
    COMP_LINE="$COMP_LINE" COMP_POINT="$COMP_POINT" COMP_TYPE="$COMP_TYPE" \
      _ARGCOMPLETE=1 _ARGCOMPLETE_SHELL=bash _ARGCOMPLETE_SUPPRESS_SPACE=1 _ARGCOMPLETE_IFS="$IFS" \
      _ARGCOMPLETE_COMP_WORDBREAKS="$COMP_WORDBREAKS" \
      "${1/#\~\//$HOME/}" 8>&1 9>/dev/null >/dev/null 2>&1
  )) || COMPREPLY=()
  # Nothing after a folder or an option's equals sign: there is more to come.
  if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} =~ [=/:]$ ]]; then
    compopt -o nospace
  fi
}
complete -o default -o bashdefault -F _csnet csnet
