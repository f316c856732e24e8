using Microsoft.AspNetCore.Http;

namespace SecretBridge.DevVault;

/// <summary>What each node answers for itself: health, seal status, leader, and its refusals when it is not active.</summary>
internal sealed class Node(Cluster cluster, DevVaultOptions options, Func<Uri> ownAddress)
{
    private static readonly Reply Sealed = Reply.Errors(503, "Vault is sealed");

    private NodeState _state = options.ActiveNode is null ? NodeState.Active : NodeState.Standby;

    public NodeState State
    {
        get => cluster.IsSealed && _state != NodeState.Uninitialised ? NodeState.Sealed : _state;
        set
        {
            _state = value;
            if (value is not (NodeState.Sealed or NodeState.Uninitialised))
            {
                cluster.IsSealed = false;
            }
        }
    }

    private string Version => options.Version ?? (options.Flavour == VaultFlavour.Vault ? "1.8.12" : "2.5.1");

    private bool IsSealed => State is NodeState.Sealed or NodeState.Uninitialised;

    private Uri ActiveAddress => options.ActiveNode?.Address ?? ownAddress();

    /// <summary>Null when the path is none of those that a node answers by itself.</summary>
    public Reply? Answer(string method, string path, RequestFields query, bool namesNamespace)
    {
        if (path is not ("/v1/sys/health" or "/v1/sys/seal-status" or "/v1/sys/leader" or "/v1/sys/init"))
        {
            return null;
        }
        if (method is not ("GET" or "HEAD") && path != "/v1/sys/init")
        {
            return Reply.Errors(405);
        }
        if (path == "/v1/sys/health")
        {
            return namesNamespace && options.Flavour == VaultFlavour.OpenBao
                ? Reply.Errors(400, "operation unavailable in namespaces")
                : Health(query);
        }
        if (path == "/v1/sys/leader" && IsSealed)
        {
            return Sealed;
        }
        return Reply.Bare(200, path switch
        {
            "/v1/sys/seal-status" => SealStatus(),
            "/v1/sys/leader" => Leader(),
            _ => new JsonFields { ["initialized"] = State != NodeState.Uninitialised },
        });
    }

    /// <summary>What stops this node from serving anything else; null when it serves.</summary>
    public Reply? Refuse(HttpRequest request, string rawTarget)
    {
        switch (State)
        {
            case NodeState.Sealed or NodeState.Uninitialised:
                return Sealed;
            case NodeState.Leaderless:
                return Reply.Errors(500, "local node not active but active cluster node not found");
            case NodeState.Standby or NodeState.DrSecondary:
                bool redirects = options.StandbyRedirects || request.Headers.ContainsKey("X-Vault-No-Request-Forwarding");
                return redirects
                    ? Reply.Empty(307) with { Location = ActiveAddress.GetLeftPart(UriPartial.Authority) + rawTarget }
                    : null;
            default:
                return null;
        }
    }

    private Reply Health(RequestFields query)
    {
        NodeState state = State;
        int Code(string name, int otherwise) => query.Int(name) ?? otherwise;
        bool Ok(string name) => query.Flag(name) == true;
        int status = state switch
        {
            NodeState.Uninitialised => Code("uninitcode", 501),
            NodeState.Sealed => Code("sealedcode", 503),
            NodeState.DrSecondary => Code("drsecondarycode", 472),
            NodeState.PerformanceStandby => Ok("perfstandbyok") ? 200 : Code("performancestandbycode", 473),
            NodeState.Standby or NodeState.Leaderless => Ok("standbyok") ? 200 : Code("standbycode", 429),
            _ => Code("activecode", 200),
        };
        bool replicationKnown = state is NodeState.Active or NodeState.PerformanceStandby or NodeState.DrSecondary;
        var body = new JsonFields
        {
            ["initialized"] = state != NodeState.Uninitialised,
            ["sealed"] = IsSealed,
            ["standby"] = state is not (NodeState.Active or NodeState.DrSecondary),
            ["performance_standby"] = state == NodeState.PerformanceStandby,
            ["replication_performance_mode"] = replicationKnown ? "disabled" : "unknown",
            ["replication_dr_mode"] = state == NodeState.DrSecondary ? "secondary" : replicationKnown ? "disabled" : "unknown",
            ["server_time_utc"] = options.Time.GetUtcNow().ToUnixTimeSeconds(),
            ["version"] = Version,
        };
        AddCluster(body);
        return status == 204 ? Reply.NoContent : Reply.Bare(status, body);
    }

    private JsonFields SealStatus()
    {
        bool initialised = State != NodeState.Uninitialised;
        var body = new JsonFields
        {
            ["type"] = "shamir",
            ["initialized"] = initialised,
            ["sealed"] = IsSealed,
            ["t"] = initialised ? 1 : 0,
            ["n"] = initialised ? 1 : 0,
            ["progress"] = 0,
            ["nonce"] = "",
            ["version"] = Version,
        };
        if (options.Flavour == VaultFlavour.OpenBao)
        {
            body["build_date"] = "";
        }
        body["migration"] = false;
        AddCluster(body);
        body["recovery_seal"] = false;
        body["storage_type"] = "inmem";
        return body;
    }

    private JsonFields Leader()
    {
        bool isHa = options.ActiveNode is not null || State is not NodeState.Active;
        string leader = isHa ? ActiveAddress.GetLeftPart(UriPartial.Authority) : "";
        var body = new JsonFields
        {
            ["ha_enabled"] = isHa,
            ["is_self"] = false,
            ["active_time"] = GoTime.Zero,
            ["leader_address"] = leader,
            ["leader_cluster_address"] = leader,
        };
        if (options.Flavour == VaultFlavour.Vault)
        {
            body["performance_standby"] = State == NodeState.PerformanceStandby;
            body["performance_standby_last_remote_wal"] = 0;
        }
        return body;
    }

    private void AddCluster(JsonFields body)
    {
        if (!IsSealed)
        {
            body["cluster_name"] = cluster.Name;
            body["cluster_id"] = cluster.Id;
        }
    }
}
