using System.Text;

namespace SecretBridge.Bench;

/// <summary>Prints lines, and keeps them for a file.</summary>
internal sealed class Report
{
    private readonly StringBuilder _text = new();

    public void Line(string text = "")
    {
        Console.WriteLine(text);
        _text.AppendLine(text);
    }

    public async Task SaveAsync(string? path)
    {
        if (path is not null)
        {
            await File.WriteAllTextAsync(path, _text.ToString());
        }
    }
}
