using SecretBridge.Audit.Consumers;
using SecretBridge.Tests.Reporting;

namespace SecretBridge.Tests.Audit.Consumers;

/// <summary>A folder for logs, and a search in them.</summary>
public abstract class ConsumerTest : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secretbridge-consumers-");

    internal RecordingReporter Reporter { get; } = new();

    internal string Folder => _folder.FullName;

    internal string Log => Path.Combine(Folder, "audit.log");

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    internal void Write(params LoggedRequest[] requests) => File.AppendAllLines(Log, requests.SelectMany(request => request.Lines));

    internal Task<VaultConsumer[]> FindAsync(Func<ConsumerQuery, ConsumerQuery>? with = null, params LogInput[] inputs) =>
        FindAsync("vault://kv/apps", with, inputs);

    internal async Task<VaultConsumer[]> FindAsync(string uri, Func<ConsumerQuery, ConsumerQuery>? with = null, params LogInput[] inputs)
    {
        var query = new ConsumerQuery { Uris = [uri], Logs = File.Exists(Log) ? [Log] : [] };
        var rows = new List<VaultConsumer>();
        await foreach (VaultConsumer row in new ConsumerScan(with?.Invoke(query) ?? query, Reporter).RunAsync(Each(inputs), default))
        {
            rows.Add(row);
        }

        return rows.ToArray();
    }

    internal static async IAsyncEnumerable<T> Each<T>(IEnumerable<T> items)
    {
        foreach (T item in items)
        {
            yield return item;
        }

        await Task.CompletedTask;
    }
}
