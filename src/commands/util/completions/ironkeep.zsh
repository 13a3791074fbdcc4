#compdef ironkeep
# Completions of ironkeep for zsh: ironkeep util completions zsh > /usr/local/share/zsh/site-functions/_ironkeep

_ironkeep() {
    local -a values shown folders
    local value help
    while IFS=$'\t' read -r value help; do
        if [[ $value == */ ]]; then
            folders+=("$value")
        else
            values+=("$value")
            shown+=("$value${help:+  -- $help}")
        fi
    done < <("${(Q)words[1]}" util complete -- "${(@Q)words[1,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)
    # As they come: the first ones are meant most often.
    (( $#values )) && compadd -V values -l -d shown -a values
    (( $#folders )) && compadd -V folders -S '' -a folders
}

if [[ ${funcstack[1]} == _ironkeep ]]; then
    _ironkeep "$@"
else
    compdef _ironkeep ironkeep
fi
