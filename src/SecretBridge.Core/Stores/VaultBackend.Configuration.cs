using System.Collections.Specialized;
using SecretBridge.Reporting;

namespace SecretBridge.Stores;

public sealed partial class VaultBackend
{
    /// <summary>Whose configuration file the connection was read from, such as <c>Sagewai admin state</c>; null where there was none.</summary>
    public string? ConfigurationKind => _options.ConfigurationKind;

    /// <summary>
    /// Source paths and where they lead, as the configuration file says: an ordered map, as copies and comparisons take it.
    /// Null where there is none.
    /// </summary>
    public OrderedDictionary? PathMap
    {
        get
        {
            if (_options.PathMap.Count == 0)
            {
                return null;
            }

            var map = new OrderedDictionary(StringComparer.Ordinal);
            foreach ((string source, string destination) in _options.PathMap)
            {
                map.Add(source, destination);
            }

            return map.AsReadOnly();
        }
    }

    /// <summary>A path with placeholders, such as <c>{mount}/data/{orgId}/{kind}</c>, as the configuration file says; null where it says none.</summary>
    public string? PathTemplate => _options.PathTemplate;

    /// <summary>Whether audit events name the server's request.</summary>
    public bool CapturesRequestId => _options.CaptureRequestId;

    /// <summary>Whose token it is: its display name, or the role or user that logged in; null where it is not known.</summary>
    public string? TokenName => _client.Session.Current?.DisplayName;

    /// <summary>Where events of this connection go, also when another runspace uses it; null where the runspace decides.</summary>
    internal IAuditSink? Audit { get; set; }
}
