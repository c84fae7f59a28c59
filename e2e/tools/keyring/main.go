// Puts docker configs and image names to the kubelet's own code. One request a line on stdin, one answer a line
// on stdout, both JSON.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"

	v1 "k8s.io/api/core/v1"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/credentialprovider"
	"k8s.io/kubernetes/pkg/credentialprovider/secrets"
	"k8s.io/kubernetes/pkg/util/parsers"
)

type request struct {
	// The bytes of .dockerconfigjson; base64 in JSON.
	Config []byte `json:"config"`
	// Those of further Secrets of the pod.
	More   [][]byte `json:"more"`
	Images []string `json:"images"`
	// Images as people write them.
	Names []string `json:"names"`
}

type answer struct {
	// The pod gets no login at all, not even those of its other Secrets.
	Failed bool `json:"failed"`
	// The logins under each key that the kubelet looks them up by.
	Keys map[string][]login `json:"keys"`
	// For each image the logins in the order in which they are tried.
	Found [][]login `json:"found"`
	// What each of the names is in full, without a tag if it has a digest; empty: it is none.
	Full []string `json:"full"`
}

// User name, password and e-mail address: bytes, so base64 in JSON.
type login [3][]byte

func main() {
	// The kubelet logs what it skips; that is no answer.
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	requests := json.NewDecoder(os.Stdin)
	answers := json.NewEncoder(os.Stdout)
	for {
		var asked request
		err := requests.Decode(&asked)
		if err == nil {
			err = answers.Encode(answerTo(asked))
		}
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func answerTo(asked request) answer {
	pullSecrets := []v1.Secret{secretOf(asked.Config)}
	for _, config := range asked.More {
		pullSecrets = append(pullSecrets, secretOf(config))
	}
	keyring, err := secrets.MakeDockerKeyring(pullSecrets, &credentialprovider.BasicDockerKeyring{})
	if err != nil {
		return answer{Failed: true}
	}
	answered := answer{Keys: loginsByKey(keyring), Found: [][]login{}, Full: []string{}}
	for _, name := range asked.Names {
		answered.Full = append(answered.Full, fullName(name))
	}
	for _, image := range asked.Images {
		found, _ := keyring.Lookup(image)
		logins := []login{}
		for _, one := range found {
			logins = append(logins, login{[]byte(one.Username), []byte(one.Password), []byte(one.Email)})
		}
		answered.Found = append(answered.Found, logins)
	}
	return answered
}

func secretOf(config []byte) v1.Secret {
	return v1.Secret{Type: v1.SecretTypeDockerConfigJson, Data: map[string][]byte{v1.DockerConfigJsonKey: config}}
}

func fullName(name string) string {
	repository, tag, digest, err := parsers.ParseImageName(name)
	if err != nil {
		return ""
	}
	if digest != "" {
		return repository + "@" + digest
	}
	return repository + ":" + tag
}

// Nobody's business outside of its package, except for ours.
func loginsByKey(keyring credentialprovider.DockerKeyring) map[string][]login {
	keys := map[string][]login{}
	union, isUnion := keyring.(credentialprovider.UnionDockerKeyring)
	if !isUnion {
		return keys
	}
	creds := reflect.ValueOf(union[0]).Elem().FieldByName("creds")
	for _, key := range creds.MapKeys() {
		logins := creds.MapIndex(key)
		for i := range logins.Len() {
			one := login{}
			for at, field := range []string{"Username", "Password", "Email"} {
				one[at] = []byte(logins.Index(i).FieldByName(field).String())
			}
			keys[key.String()] = append(keys[key.String()], one)
		}
	}
	return keys
}
