# Completions of ironkeep for fish: ironkeep util completions fish > /etc/fish/completions/ironkeep.fish

function __ironkeep_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    $words[1] util complete -- $words "$current" 2>/dev/null
end

complete -c ironkeep -f -k -a '(__ironkeep_complete)'
