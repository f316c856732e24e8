using System.Security;
using System.Text;
using SecretBridge.Reporting;

namespace SecretBridge.Configuration;

/// <summary>One file while it is read: its name, what it may lead to, and what is to be said of it.</summary>
internal sealed class ConfigurationContext(string file, ConfigurationSources sources)
{
    private readonly HashSet<string> _exposed = new(StringComparer.Ordinal);

    internal string File => file;

    internal ConfigurationSources Sources => sources;

    internal List<string> Warnings { get; } = [];

    internal List<string> Notes { get; } = [];

    /// <summary>A secret that is written in a file.</summary>
    internal SecureString Literal(string inFile, string text)
    {
        if (sources.IsExposed(inFile) && _exposed.Add(inFile))
        {
            Warnings.Add($"{inFile} holds a secret, and others than its owner may read it: chmod 600 '{inFile}'.");
        }

        return Secure(text);
    }

    /// <summary>A secret that an environment variable holds.</summary>
    /// <param name="member">The field that names the variable.</param>
    /// <param name="path">The field's path.</param>
    /// <param name="inFile">The file of the field.</param>
    internal SecureString? FromVariable(ConfigNode member, string path, string inFile)
    {
        if (!FieldName.IsVariable(member.Text))
        {
            throw member.Position.Refuse(inFile, $"'{path}' must be the name of an environment variable: letters, digits and '_'");
        }

        return !sources.WantsAuth ? null
            : sources.Variable(member.Text) is { Length: > 0 } value ? Secure(value)
            : throw member.Position.Refuse(inFile, $"'{path}' names the environment variable {member.Text}, which is not set; set it, or give a login to the cmdlet");
    }

    /// <summary>A path that stands in a file, seen from that file's folder.</summary>
    internal static string Beside(string inFile, string path) => Path.Combine(Path.GetDirectoryName(inFile) ?? "", path);

    /// <summary>The nodes of a file, by its content and, for YAML, its name.</summary>
    /// <exception cref="BridgeException">It is broken (<see cref="FaultKind.InvalidConfiguration"/>).</exception>
    internal static ConfigNode Parse(ReadOnlySpan<byte> content, string file)
    {
        if (content.StartsWith("\uFEFF"u8))
        {
            content = content[3..];
        }

        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content);
        }
        catch (DecoderFallbackException exception)
        {
            throw FilePosition.Of(content, Math.Max(0, exception.Index)).Refuse(file, "expected UTF-8 text");
        }

        return file.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".yml", StringComparison.OrdinalIgnoreCase) ? YamlNodes.Read(text, file)
            : IsJson(file, text) ? JsonNodes.Read(content, file)
            : DotenvNodes.Read(text, file);
    }

    private static bool IsJson(string file, string text) =>
        file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || text.TrimStart() is ['{' or '[' or '/', ..];

    private static SecureString Secure(string text)
    {
        var secure = new SecureString();
        foreach (char c in text.Trim())
        {
            secure.AppendChar(c);
        }

        secure.MakeReadOnly();
        return secure;
    }
}
