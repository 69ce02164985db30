using Spectre.Console;

namespace OrleansStore.Cli.Rendering;

/// <summary>Shows how far something long is, to a person who looks at standard error; to nobody else.</summary>
internal sealed class ProgressDisplay(CliHost host)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);

    /// <summary>Shows progress until the work is done.</summary>
    /// <param name="title">What is being done; no markup.</param>
    /// <param name="total">What <paramref name="done"/> comes to at the end; null where nobody knows.</param>
    /// <param name="done">How far it is; called now and then, beside the work.</param>
    /// <param name="work">The work, which runs already.</param>
    public async Task ShowAsync(string title, double? total, Func<double> done, Task work)
    {
        if (!host.IsErrorTerminal)
        {
            await work;
            return;
        }

        var escaped = Markup.Escape(title);
        await Terminal.On(host.Error).Progress().AutoClear(true).Columns(ColumnsFor(total)).StartAsync(async context =>
        {
            var task = context.AddTask(escaped, maxValue: total ?? 1);
            task.IsIndeterminate = total is null;
            while (!work.IsCompleted)
            {
                if (total is null)
                {
                    task.Description = FormattableString.Invariant($"{escaped}: {done():N0}");
                }
                else
                {
                    task.Value = done();
                }

                await Task.WhenAny(work, Task.Delay(Refresh, host.Time));
            }
        });
        await work;
    }

    /// <summary>Shows the progress of work that has several phases until it is done.</summary>
    /// <param name="phase">What is being done, no markup, and how much of it, from 0 to 1 or null where nobody knows; called now and then, beside the work.</param>
    /// <param name="work">The work, which runs already.</param>
    public async Task ShowPhasesAsync(Func<(string Title, double? Share)> phase, Task work)
    {
        if (!host.IsErrorTerminal)
        {
            await work;
            return;
        }

        await Terminal.On(host.Error).Progress().AutoClear(true).Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }).StartAsync(async context =>
        {
            var task = context.AddTask("", maxValue: 1);
            while (!work.IsCompleted)
            {
                var (title, share) = phase();
                (task.Description, task.IsIndeterminate, task.Value) = (Markup.Escape(title), share is null, share ?? 0);
                await Task.WhenAny(work, Task.Delay(Refresh, host.Time));
            }
        });
        await work;
    }

    private static ProgressColumn[] ColumnsFor(double? total) => total is null
        ? [new SpinnerColumn(), new TaskDescriptionColumn(), new ElapsedTimeColumn()]
        : [new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()];
}
