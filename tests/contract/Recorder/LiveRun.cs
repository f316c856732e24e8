using System.Text.Json;

namespace SecretBridge.Contract;

/// <summary>The list against a live server: what differs is told, what it answers is written down.</summary>
public sealed class LiveRun(Uri address, string token, TextWriter output)
{
    private static readonly string[] FreshMounts = ["cubbyhole/", "identity/", "secret/", "sys/"];

    /// <summary>
    /// The exchanges mount, log in, seal: they belong on a development server that was started for them and holds nothing else.
    /// </summary>
    public async Task<bool> IsFreshAsync(CancellationToken cancellationToken)
    {
        using var conversation = new Conversation(address, token);
        Answer mounts = await AskAsync(conversation, "GET", "/v1/sys/mounts", cancellationToken).ConfigureAwait(false);
        Answer secrets = await AskAsync(conversation, "LIST", "/v1/secret/metadata/", cancellationToken).ConfigureAwait(false);
        if (mounts.Status != 200 || secrets.Status != 404)
        {
            return false;
        }
        using JsonDocument document = JsonDocument.Parse(mounts.Body);
        return document.RootElement.GetProperty("data").EnumerateObject().All(mount => FreshMounts.Contains(mount.Name));
    }

    /// <summary>How many exchanges were answered otherwise than recorded.</summary>
    public async Task<int> RunAsync(IEnumerable<Exchange> exchanges, TextWriter recording, CancellationToken cancellationToken)
    {
        using var conversation = new Conversation(
            address, token, [new("active", address.GetLeftPart(UriPartial.Authority)), new("audit_file", Path.GetTempFileName())]);
        int different = 0;
        foreach (Exchange exchange in exchanges)
        {
            await Task.Delay(exchange.Wait, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            Answer answer;
            try
            {
                answer = await conversation.SendAsync(exchange, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException exception)
            {
                // A real Vault 1.8 ends here when a mount is removed while it upgrades itself.
                await output.WriteLineAsync($"{exchange.Name}\n  the server is gone, what follows was not asked: {exception.Message}").ConfigureAwait(false);
                return different + 1;
            }
            IReadOnlyList<string> differences = BodyPattern.Differences(exchange.Expect, answer, conversation.Fill);
            if (differences.Count > 0)
            {
                different++;
                await output.WriteLineAsync($"{exchange.Name}\n  {string.Join("\n  ", differences)}").ConfigureAwait(false);
            }
            string line = JsonSerializer.Serialize(Recorded(exchange, answer), Exchange.Json);
            await recording.WriteLineAsync(line).ConfigureAwait(false);
        }
        return different;
    }

    private static Exchange Recorded(Exchange exchange, Answer answer)
    {
        if (exchange.IsArrangement || exchange.Expect.Body.ValueKind == JsonValueKind.Undefined)
        {
            return exchange with { Expect = exchange.Expect with { Status = answer.Status } };
        }
        using JsonDocument document = JsonDocument.Parse(answer.Body.Length == 0 ? "null"u8.ToArray() : answer.Body);
        JsonElement body = JsonSerializer.SerializeToElement(Volatile.Replace(document.RootElement), Exchange.Json);
        return exchange with { Expect = exchange.Expect with { Status = answer.Status, Body = body } };
    }

    private static Task<Answer> AskAsync(Conversation conversation, string method, string target, CancellationToken cancellationToken) =>
        conversation.SendAsync(new Exchange("", "", new ExchangeRequest(method, target), new ExchangeExpectation(200)), cancellationToken);
}
