using System.Text.Json;

namespace SecretBridge.Reporting;

/// <content>What the lines say.</content>
internal sealed partial class RunLog
{
    private void TellEnd(Utf8JsonWriter json, BridgeException? end)
    {
        if (end is not null)
        {
            Tell(json, end);
        }
        else
        {
            json.WriteString("message", "It was stopped before its end.");
        }

        lock (_gate)
        {
            if (_last is { } last)
            {
                TellCounts(json, last);
            }
        }
    }

    private static void Tell(Utf8JsonWriter json, BridgeException fault)
    {
        json.WriteString("error", $"SecretBridge.{fault.Kind}");
        json.WriteString("target", fault.Target);
        json.WriteString("message", fault.Message);
    }

    private static void Tell(Utf8JsonWriter json, ProgressReport report)
    {
        TellCounts(json, report);
        json.WriteNumber("rate", Math.Round(report.Rate, 1));
        if (report.InFlight is { } inFlight)
        {
            json.WriteNumber("inFlight", inFlight);
            json.WriteNumber("limit", report.Limit ?? 0);
        }

        if (report.Remaining is { } remaining)
        {
            json.WriteNumber("secondsLeft", Math.Round(remaining.TotalSeconds));
        }

        json.WriteString("folder", report.Folder);
        json.WriteBoolean("completed", report.Completed);
    }

    private static void TellCounts(Utf8JsonWriter json, ProgressReport report)
    {
        json.WriteString("activity", report.Activity);
        json.WriteString("phase", report.Phase);
        json.WriteNumber("done", report.Done);
        if (report.Total is { } total)
        {
            json.WriteNumber("total", total);
        }

        json.WriteStartObject("counts");
        foreach ((string outcome, long count) in report.Counts)
        {
            json.WriteNumber(outcome, count);
        }

        json.WriteEndObject();
    }
}
