using System.Runtime.CompilerServices;

namespace SecretBridge.DevVault;

/// <summary>Storage that only the token that wrote it can read.</summary>
internal sealed class CubbyholeEngine(VaultFlavour flavour) : IEngine
{
    private readonly ConditionalWeakTable<Token, KvV1Engine> _perToken = [];

    public bool? Exists(Call call) => Of(call).Exists(call);

    public Reply Handle(Call call)
    {
        if (call is { Operation: Operation.Read, Below: "response", Token.Wrapped: { } wrapped })
        {
            string inner = System.Text.Encoding.UTF8.GetString(wrapped.Reply.Render(call.Id));
            return Reply.Of(new JsonMap { ["response"] = inner });
        }
        return Of(call).Handle(call) with { LeaseDuration = 0 };
    }

    private KvV1Engine Of(Call call) => _perToken.GetValue(call.Token!, _ => new KvV1Engine(flavour));
}
