# Print the first comment of a script when -h or --help is among its arguments, and exit. The scripts source this file
# before they do anything else.
for argument; do
    case $argument in
    -h | --help)
        sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
    esac
done
