using SecretBridge.Reporting;
using Spectre.Console;

namespace SecretBridge.Quickstart;

/// <summary>Tables, headings and live progress in a terminal; the same as plain text when redirected.</summary>
internal sealed class Screen(IAnsiConsole console)
{
    private int _steps;

    private bool IsTerminal => console.Profile.Out.IsTerminal;

    public static IAnsiConsole Open(TextWriter writer, bool redirected)
    {
        if (!redirected)
        {
            return AnsiConsole.Console;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });

        // Nothing is wrapped in a file.
        console.Profile.Width = 4096;
        return console;
    }

    public void Step(string title, string powerShell)
    {
        console.WriteLine();
        console.Write(new Text(FormattableString.Invariant($"{++_steps}. {title}"), new Style(decoration: Decoration.Bold)));
        console.WriteLine();
        console.Write(new Text("PS> " + powerShell, new Style(Color.Grey)));
        console.WriteLine();
    }

    public void Say(string text)
    {
        console.Write(new Text(text));
        console.WriteLine();
    }

    public void Verdict(bool good, string text)
    {
        console.Write(new Text(good ? "ok    " : "FAILED", new Style(good ? Color.Green : Color.Red, decoration: Decoration.Bold)));
        console.Write(new Text(" " + text));
        console.WriteLine();
    }

    public void Table(string[] columns, IEnumerable<string[]> rows)
    {
        if (!IsTerminal)
        {
            PlainTable(columns, rows.ToArray());
            return;
        }

        var table = new Table { Border = TableBorder.Rounded };
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)).NoWrap());
        }

        foreach (string[] row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        console.Write(table);
    }

    public async Task<T> WithProgressAsync<T>(string title, Func<Action<ProgressReport>, Task<T>> work)
    {
        if (!IsTerminal)
        {
            return await work(_ => { });
        }

        return await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask task = context.AddTask(Markup.Escape(title), maxValue: 1);
                return await work(report =>
                {
                    task.MaxValue = report.Total ?? Math.Max(report.Done * 2, 1);
                    task.Value = report.Done;
                    task.Description = Markup.Escape(FormattableString.Invariant($"{title}: {report.Status}, {report.Rate:0}/s"));
                });
            });
    }

    private void PlainTable(string[] columns, string[][] rows)
    {
        int[] widths = columns.Select((column, i) => rows.Select(row => row[i].Length).Append(column.Length).Max()).ToArray();
        foreach (string[] row in rows.Prepend(columns.Select((column, i) => new string('-', Math.Min(column.Length, widths[i]))).ToArray()).Prepend(columns))
        {
            Say("  " + string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
        }
    }
}
