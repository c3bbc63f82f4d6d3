package systemd

// Kinds lists the keys that have a kind, by their sections.
func Kinds() map[string][]string {
	all := map[string][]string{}
	for _, section := range []string{"Unit", "Service", "Socket", "Timer", "Path", "Slice"} {
		for _, key := range keysOf()[section] {
			if _, ok := kindOf()[key]; ok && formOf()[key] != formText {
				all[section] = append(all[section], key)
			}
		}
	}
	return all
}
