using System.CommandLine;
using OrleansStore.Cli.Sessions;

namespace OrleansStore.Cli.Commands;

/// <summary><c>ostore completion</c>: a script for a shell, which asks this tool with its <c>[suggest]</c> directive.</summary>
internal sealed class CompletionCommand : CliCommand
{
    private const string Bash = """
        _ostore() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(ostore "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _ostore ostore
        """;

    private const string Zsh = """
        _ostore() {
            local -a words_found
            words_found=("${(@f)$(ostore "[suggest:${#BUFFER}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a words_found
            _files
        }
        compdef _ostore ostore
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName ostore -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            ostore "[suggest:$cursorPosition]" "$commandAst" 2>$null | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    private readonly Argument<Shell> _shell = ChoiceOf<Shell>.Argument("shell", "The shell that is to complete commands.");

    public CompletionCommand(CommandRunner runner)
        : base(
            runner,
            "completion",
            "Prints a script with which a shell completes ostore's commands and options.",
            "ostore completion bash >> ~/.bashrc",
            "ostore completion zsh >> ~/.zshrc",
            "ostore completion pwsh >> $PROFILE") => Arguments.Add(_shell);

    protected override async Task<ExitCode> RunAsync(CliSession session, ParseResult arguments, CancellationToken cancellationToken)
    {
        await session.Output.WriteLineAsync(arguments.GetValue(_shell) switch
        {
            Shell.Bash => Bash,
            Shell.Zsh => Zsh,
            _ => PowerShell,
        });
        return ExitCode.Ok;
    }

    private enum Shell
    {
        Bash = 1,
        Zsh = 2,
        Pwsh = 3,
    }
}
