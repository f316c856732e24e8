using System.Text.Json;

namespace SecretBridge.Contract;

/// <summary>The committed lists: vault-1.8 and openbao-2.5.</summary>
public static class ExchangeList
{
    public static IReadOnlyList<Exchange> Load(string name)
    {
        using Stream stream = typeof(ExchangeList).Assembly.GetManifestResourceStream(name + ".jsonl")
            ?? throw new ArgumentException($"There is no list {name}.", nameof(name));
        using var reader = new StreamReader(stream);
        var exchanges = new List<Exchange>();
        while (reader.ReadLine() is { } line)
        {
            exchanges.Add(JsonSerializer.Deserialize<Exchange>(line, Exchange.Json)!);
        }
        return exchanges;
    }
}
